from odoo import api, fields, models

from ..engine.rounding import to_decimal


class LoyaltyAdjust(models.TransientModel):
    """Back office: correct a member's balance, with a reason."""

    _name = "loyalty.adjust"
    _description = "Adjust a Balance"

    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Member",
        required=True,
        readonly=True,
    )
    balance = fields.Float(
        related="card_id.points", related_sudo=False, string="Balance now"
    )
    mode = fields.Selection(
        selection=[
            ("change", "Add or take away"),
            ("balance", "Set a new balance"),
        ],
        default="change",
        required=True,
    )
    change = fields.Float(
        string="Points",
        help="Positive: the member gains. Negative: the member loses.",
        digits=0,
    )
    new_balance = fields.Float(digits=0)
    reason_id = fields.Many2one(
        comodel_name="loyalty.adjustment.reason",
        required=True,
    )
    note = fields.Text()

    @api.onchange("mode")
    def _onchange_mode(self):
        self.new_balance = self.balance

    def action_adjust(self):
        """Ask for the adjustment; show it if it waits for a second person."""
        self.ensure_one()
        adjustment = self.env["loyalty.adjustment"]._request(
            self.card_id, self._get_change(), self.reason_id, self.note
        )
        if adjustment.state == "posted":
            return {"type": "ir.actions.act_window_close"}
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_adjustment_action"
        )
        action.update(views=[(False, "form")], res_id=adjustment.id)
        return action

    def _get_change(self):
        ledger = self.env["loyalty.ledger"]
        if self.mode == "change":
            return ledger._quantize_stock(self.change)
        # sudo: the balance counts as it is, whoever asks.
        balance = to_decimal(self.card_id.sudo().points)
        return ledger._quantize_stock(self.new_balance) - balance
