from odoo import models


class LoyaltyLedgerEntry(models.Model):
    """Which occasion a gift is for."""

    _inherit = "loyalty.ledger.entry"

    def _explain(self):
        sentences = super()._explain()
        facts = self.breakdown or {}
        if facts.get("gift"):
            sentences.append(self._explain_gift(facts))
        return sentences

    def _explain_gift(self, facts):
        # sudo: the name of a tier is public; it may be gone by now.
        tier = self.env["loyalty.tier"].sudo().browse(facts.get("tier_id")).exists()
        if facts["gift"] == "birthday":
            return self.env._("A gift for the birthday.")
        if not tier:
            return self.env._("A gift of the tier.")
        if facts["gift"] == "tier_year":
            return self.env._("This year's gift of “%(tier)s”.", tier=tier.name)
        return self.env._("A gift for reaching “%(tier)s”.", tier=tier.name)
