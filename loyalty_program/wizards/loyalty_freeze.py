from odoo import fields, models

from ..models.loyalty_card_freeze import FREEZE_REASONS


class LoyaltyFreeze(models.TransientModel):
    """Back office: freeze a membership, with the reason."""

    _name = "loyalty.freeze"
    _description = "Freeze a Membership"

    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Member",
        required=True,
        readonly=True,
    )
    reason = fields.Selection(
        selection=FREEZE_REASONS,
        default="lost_phone",
        required=True,
    )
    may_earn = fields.Boolean(related="card_id.program_id.frozen_earns")

    def action_freeze(self):
        """Freeze the member."""
        self.ensure_one()
        self.card_id._check_loyalty_user()
        self.card_id._freeze(self.reason)
        return {"type": "ir.actions.act_window_close"}
