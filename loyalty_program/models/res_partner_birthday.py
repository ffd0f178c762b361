from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.birthdays import is_plausible

#: What a contact tells about the day of birth.
BIRTHDAY_FIELDS = ("loyalty_birth_date", "loyalty_birth_consent")


class ResPartner(models.Model):
    """The day of birth, kept for the loyalty programme alone, with consent."""

    _inherit = "res.partner"

    loyalty_birth_date = fields.Date(
        string="Date of birth",
        help="Kept for birthday gifts of the loyalty programme only.",
        groups="loyalty_program.group_loyalty_user",
        index="btree_not_null",
        copy=False,
    )
    loyalty_birth_consent = fields.Boolean(
        string="Agreed to birthday gifts",
        help="The customer agreed that the date is kept and used for a gift.",
        groups="loyalty_program.group_loyalty_user",
        copy=False,
    )
    loyalty_birth_consent_on = fields.Datetime(
        string="Agreed on",
        groups="loyalty_program.group_loyalty_user",
        readonly=True,
        copy=False,
    )

    @api.constrains("loyalty_birth_date", "loyalty_birth_consent")
    def _check_birth_date(self):
        # sudo: the fields are for loyalty users, the check is for everybody.
        for partner in self.sudo():
            born = partner.loyalty_birth_date
            today = (partner.company_id or self.env.company)._get_loyalty_day()
            if born and not is_plausible(born, today):
                raise ValidationError(
                    self.env._("The date of birth lies in the last 130 years.")
                )
            if born and not partner.loyalty_birth_consent:
                raise ValidationError(
                    self.env._(
                        "A date of birth is kept only if the customer agreed to it."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([_stamp(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(_stamp(vals))

    def _forget_birthday(self):
        """Forget the day of birth and that its use was agreed to."""
        # sudo: forgetting is everybody's right for whom it is done.
        self.sudo().write(dict.fromkeys(BIRTHDAY_FIELDS, False))


def _stamp(vals):
    """Return the values with the moment at which consent was given or withdrawn."""
    if "loyalty_birth_consent" not in vals:
        return vals
    if not vals["loyalty_birth_consent"]:
        return {**vals, "loyalty_birth_date": False, "loyalty_birth_consent_on": False}
    return {**vals, "loyalty_birth_consent_on": fields.Datetime.now()}


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _erase_traces(self):
        """Override: with the last membership goes what was told for it."""
        partner = self.partner_id
        result = super()._erase_traces()
        if not partner.loyalty_member_card_ids:
            partner._forget_birthday()
        return result
