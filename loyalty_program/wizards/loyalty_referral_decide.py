from odoo import fields, models


class LoyaltyReferralDecide(models.TransientModel):
    """Back office: unblock or reject referrals of the queue, with the reason."""

    _name = "loyalty.referral.decide"
    _description = "Decide About Referrals"

    referral_ids = fields.Many2many(
        comodel_name="loyalty.referral", string="Referrals", required=True
    )
    verdict = fields.Selection(
        selection=[("unblock", "Unblock"), ("reject", "Reject")],
        default="unblock",
        required=True,
    )
    reason = fields.Char(required=True)

    def action_decide(self):
        """Carry out the decision."""
        self.ensure_one()
        self.referral_ids._decide(self.verdict, self.reason)
        return {"type": "ir.actions.act_window_close"}
