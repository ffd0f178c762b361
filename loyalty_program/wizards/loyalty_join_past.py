from odoo import fields, models


class LoyaltyJoin(models.TransientModel):
    """Whoever joins may get points for what they bought before."""

    _inherit = "loyalty.join"

    credit_since = fields.Date(
        string="Credit purchases since",
        help="What the customer bought from this day on earns points too. Empty: only "
        "what they buy from now on.",
        groups="loyalty_program.group_loyalty_manager",
    )

    def action_join(self):
        action = super().action_join()
        # sudo: the field is closed to others; reading it empty is what they get.
        since = self.sudo().credit_since
        if since:
            # sudo: the ledger is closed to everybody but the service.
            card = self.env["loyalty.card"].sudo().browse(action["res_id"])
            card._credit_past_purchases(since)
        return action
