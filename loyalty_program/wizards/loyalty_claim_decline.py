from odoo import fields, models


class LoyaltyClaimDecline(models.TransientModel):
    """Back office: decline requests, with what the members are told."""

    _name = "loyalty.claim.decline"
    _description = "Decline a Request"

    claim_ids = fields.Many2many(
        comodel_name="loyalty.reward.claim",
        relation="loyalty_claim_decline_rel",
        required=True,
        readonly=True,
    )
    note = fields.Text(string="Reason", required=True)

    def action_decline(self):
        """Decline; the points go back and the members get a mail with the reason."""
        self.ensure_one()
        self.claim_ids._decline(self.note)
        return {"type": "ir.actions.act_window_close"}
