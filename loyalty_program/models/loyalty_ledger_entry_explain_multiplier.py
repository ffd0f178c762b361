from decimal import Decimal

from odoo import models


class LoyaltyLedgerEntry(models.Model):
    """Why there is a bonus beside what a purchase earned: the tier's multiplier."""

    _inherit = "loyalty.ledger.entry"

    def _explain(self):
        sentences = super()._explain()
        facts = self.breakdown or {}
        if facts.get("factors"):
            sentences += self._explain_factors(facts)
        return sentences

    def _explain_rounding(self, facts):
        """Override: the whole was rounded, not what the multiplier adds to it."""
        return [] if facts.get("factors") else super()._explain_rounding(facts)

    def _explain_factors(self, facts):
        """Return whose multipliers they are, and which part of the whole this is."""
        sentences = [
            self.env._(
                "“%(name)s” gives %(factor)s times the points.",
                name=factor["name"],
                factor=self._format_number(factor["factor"]),
            )
            for factor in facts["factors"]
        ]
        if facts.get("before"):
            # A further step of the document: its whole is the sum of the steps.
            return sentences
        return [
            *sentences,
            self.env._(
                "%(whole)s in all: %(base)s earned, and %(bonus)s as this bonus.",
                whole=self._format_number(facts["whole"]),
                base=self._format_number(facts["beside"]),
                bonus=self._format_number(
                    Decimal(facts["whole"]) - Decimal(facts["beside"])
                ),
            ),
        ]
