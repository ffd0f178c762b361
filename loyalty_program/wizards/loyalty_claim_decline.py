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
    called_off_id = fields.Many2one(
        comodel_name="loyalty.experience.date",
        string="Date that is called off",
        readonly=True,
    )
    note = fields.Text(string="Reason", required=True)

    def action_decline(self):
        """Decline; the points go back and the members get a mail with the reason."""
        self.ensure_one()
        claims = self.claim_ids
        if date := self.called_off_id:
            # First: whoever asks from now on is refused, who asked before is told.
            date.active = False
            claims = date._get_open_claims().with_env(self.env)
        claims._decline(self.note)
        return {"type": "ir.actions.act_window_close"}
