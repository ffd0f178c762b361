from odoo import models


class LoyaltyLedgerEntry(models.Model):
    """Which expiries were undone, and why."""

    _inherit = "loyalty.ledger.entry"

    def _get_reinstated(self):
        """Return those of these expiries that were undone."""
        undone = self.search(
            [
                ("origin_model", "=", self._name),
                ("origin_id", "in", self.ids),
                ("entry_type", "=", "reinstate"),
            ]
        )
        return self.browse(undone.mapped("origin_id"))

    def _explain(self):
        sentences = super()._explain()
        reason_id = (self.breakdown or {}).get("reason_id")
        if reason_id and self.entry_type == "reinstate":
            # sudo: whoever may read the entry may read its reason.
            reason = self.env["loyalty.adjustment.reason"].sudo().browse(reason_id)
            if reason.exists():
                sentences.append(
                    self.env._(
                        "Expired points came back: %(reason)s.", reason=reason.name
                    )
                )
        return sentences
