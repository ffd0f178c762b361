from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class LoyaltyReferralClaim(models.TransientModel):
    """Back office: a customer tells whose code they came with."""

    _name = "loyalty.referral.claim"
    _description = "Note Who Brought a Customer"

    code = fields.Char(string="Code of the member", required=True)
    friend_id = fields.Many2one(
        comodel_name="res.partner", string="Who was brought", required=True
    )

    def action_claim(self):
        """Note the referral and open it.

        :raise AccessError: no loyalty user
        :raise UserError: no such code, or it cannot be used now
        """
        self.ensure_one()
        if not self.env.user.has_group("loyalty_program.group_loyalty_user"):
            raise AccessError(self.env._("Only loyalty users may note referrals."))
        self.friend_id.check_access("read")
        # sudo: the right was checked; referrals are closed to everybody.
        referrals = self.env["loyalty.referral"].sudo()
        card = referrals._find_card(self.code)
        # The code of a company that the user does not see is no code.
        if not card.with_env(self.env)._filtered_access("read"):
            raise UserError(
                self.env._(
                    "“%(code)s” is no member's code. It has two times four letters or "
                    "digits, such as K7M2-XWPD.",
                    code=self.code,
                )
            )
        known = referrals.search(
            [
                ("program_id", "=", card.program_id.id),
                ("friend_id", "=", self.friend_id.id),
            ]
        )
        if known:
            raise UserError(
                self.env._(
                    "It is noted already: %(referral)s.", referral=known.display_name
                )
            )
        # sudo: as above; the contact may be read by whoever asks.
        friend = self.friend_id.sudo()
        referral = referrals._claim(card, friend, "backoffice")
        return {
            "type": "ir.actions.act_window",
            "res_model": referral._name,
            "res_id": referral.id,
            "view_mode": "form",
        }
