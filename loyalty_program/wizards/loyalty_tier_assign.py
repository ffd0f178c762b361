from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date


class LoyaltyTierAssign(models.TransientModel):
    """Give a member a tier by hand: with a reason, to a day, perhaps locked."""

    _name = "loyalty.tier.assign"
    _description = "Give a Tier by Hand"

    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Member",
        required=True,
        readonly=True,
    )
    program_id = fields.Many2one(related="card_id.program_id")
    tier_id = fields.Many2one(
        comodel_name="loyalty.tier",
        required=True,
        domain="[('program_id', '=', program_id)]",
    )
    until = fields.Date(
        help="Last day. Empty: as long as if the member had reached it today.",
    )
    is_locked = fields.Boolean(
        string="Lock",
        help="The tier neither rises nor falls before that day.",
    )
    reason = fields.Char(required=True)

    def action_assign(self):
        """Give the tier; the programme's own rules go on afterwards."""
        self.ensure_one()
        if not self.env.user.has_group("loyalty_program.group_loyalty_manager"):
            raise AccessError(
                self.env._("Only loyalty managers may give a tier by hand.")
            )
        card, program = self.card_id, self.card_id.program_id
        card.check_access("write")
        today = program._get_local_date()
        self._check_assignment(today)
        # sudo: the trail of the move belongs to the suite; rights are checked above.
        self.env["loyalty.tier.change"].sudo().create(
            {
                "card_id": card.id,
                "from_tier_id": card.tier_id.id,
                "to_tier_id": self.tier_id.id,
                "cause": "manual",
                "changed_on": today,
                "until": self.until,
                "is_locked": self.is_locked,
                "reason": self.reason.strip(),
            }
        )
        # sudo: the tier follows from the trail.
        program.sudo()._move_tiers(card.sudo(), True)
        return {"type": "ir.actions.act_window_close"}

    def _check_assignment(self, today):
        if self.card_id.member_state not in ("joined", "frozen"):
            raise UserError(self.env._("Only members have a tier."))
        if self.tier_id.program_id != self.card_id.program_id:
            raise UserError(
                self.env._(
                    "“%(tier)s” is no tier of this programme.", tier=self.tier_id.name
                )
            )
        if self.until and self.until < today:
            raise UserError(
                self.env._(
                    "%(day)s has passed: choose today or a later day.",
                    day=format_date(self.env, self.until),
                )
            )
        if not self.reason.strip():
            raise UserError(self.env._("Say why the member gets this tier."))
