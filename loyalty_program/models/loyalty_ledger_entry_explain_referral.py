from odoo import models


class LoyaltyLedgerEntry(models.Model):
    """Who got points for a friend: the member, or the friend."""

    _inherit = "loyalty.ledger.entry"

    def _explain_gift(self, facts):
        if facts["gift"] == "referral":
            return self.env._("For bringing a friend.")
        if facts["gift"] == "referral_friend":
            return self.env._("A welcome to somebody whom a friend brought.")
        return super()._explain_gift(facts)
