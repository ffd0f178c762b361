from odoo import fields, models


class LoyaltyTransferWizard(models.TransientModel):
    """Back office: give points of one member to another, with a reason."""

    _name = "loyalty.transfer.wizard"
    _description = "Transfer Points"

    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="From",
        required=True,
        readonly=True,
    )
    program_id = fields.Many2one(related="card_id.program_id")
    account_id = fields.Many2one(related="card_id.account_id")
    balance = fields.Float(
        related="card_id.points", related_sudo=False, string="Balance"
    )
    target_card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="To",
        required=True,
        domain="[('program_id', '=', program_id), ('id', '!=', card_id), "
        "('member_state', '=', 'joined')]",
    )
    points = fields.Float(digits=0)
    reason = fields.Char(required=True)

    def action_transfer(self):
        """Move the points.

        :raise UserError: says why they cannot move
        """
        self.ensure_one()
        self.env["loyalty.transfer"]._transfer(
            self.card_id, self.target_card_id, self.points, self.reason
        )
        return {"type": "ir.actions.act_window_close"}
