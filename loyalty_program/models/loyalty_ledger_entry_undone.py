from fractions import Fraction

from odoo import models

from .loyalty_ledger_target import RAISED


class LoyaltyLedgerEntry(models.Model):
    """What came back, in sentences for cashier and customer."""

    _inherit = "loyalty.ledger.entry"

    def _explain(self):
        facts = self.breakdown or {}
        if not facts.get("reverses"):
            return [*super()._explain(), *self._explain_change(facts)]
        return [
            *(self._explain_return(good) for good in facts.get("goods", [])),
            *super()._explain(),
            *self._explain_undone(facts),
        ]

    def _explain_change(self, facts):
        """Return the sentence of what a document posted after its first posting."""
        points = self._format_number(abs(self.points))
        if facts.get("cause") == "more":
            return [self.env._("Added to the order: %(points)s.", points=points)]
        if facts.get("cause") == RAISED:
            return [
                self.env._(
                    "More is to be paid for the goods than before: %(points)s.",
                    points=points,
                )
            ]
        if facts.get("cause") == "unlinked":
            return [
                *(
                    self._explain_return({**good, "share": "1"})
                    for good in facts["returned"]
                ),
                self.env._(
                    "Returned without the sale: what the goods would earn that day, "
                    "%(points)s points, is taken back.",
                    points=points,
                ),
            ]
        if facts.get("cause") == "value":
            return [
                self.env._(
                    "%(money)s taken off the credit note for %(points)s points that "
                    "were spent.",
                    money=self._format_money(facts["money"]),
                    points=points,
                )
            ]
        return []

    def _explain_return(self, good):
        """Return the sentence of one line that came back."""
        product = self.env["product.product"].browse(good["product_id"]).exists()
        # sudo: the name of what was bought explains the entry to whoever may read it.
        name = product.sudo().display_name or self.env._("Goods")
        share, units = Fraction(good["share"]), Fraction(good["quantity"])
        returned = share * units
        if returned * 1000 == int(returned * 1000):
            return self.env._(
                "%(product)s: %(returned)s of %(units)s returned.",
                product=name,
                returned=self._format_number(round(returned, 2)),
                units=self._format_number(round(units, 2)),
            )
        return self.env._(
            "%(product)s: %(percent)s %% of the money returned.",
            product=name,
            percent=self._format_number(round(share * 100, 2)),
        )

    def _explain_undone(self, facts):
        """Return the sentence about the points of a reversal."""
        values = {
            "points": self._format_number(abs(self.points)),
            "posted": self._format_number(facts["of"]) if facts.get("of") else "",
        }
        cause = facts.get("cause")
        if cause == "cancel":
            return [self.env._("Cancelled: what was left of it is undone.")]
        if cause == "restore":
            return [self.env._("A return was withdrawn: %(points)s again.", **values)]
        if self.entry_type == "redeem_reversal":
            return [self.env._("%(points)s of %(posted)s points given back.", **values)]
        return [self.env._("%(points)s of %(posted)s points taken back.", **values)]
