from odoo import models
from odoo.tools import format_date


class LoyaltyLedgerEntry(models.Model):
    """Why there are entries that no arithmetic explains: one sentence each."""

    _inherit = "loyalty.ledger.entry"

    def _explain(self):
        sentences = super()._explain()
        facts = self.breakdown or {}
        if self.entry_type == "expire":
            sentences.append(self._explain_expiry())
        elif self.entry_type == "opening":
            sentences.append(self.env._("What the card held before its ledger began."))
        elif self.entry_type == "transfer":
            sentences.append(self._explain_transfer())
        elif self.entry_type == "adjust" and facts.get("reason_id"):
            sentences += self._explain_adjustment(facts["reason_id"])
        elif self.entry_type == "earn" and facts.get("recorded"):
            sentences.append(self.env._("Computed by Odoo's own rules."))
        if facts.get("before_ledger"):
            sentences.append(
                self.env._("The order was confirmed before the ledger began.")
            )
        return sentences

    def _explain_expiry(self):
        # An expiry is available on the last day of the points that it takes.
        return self.env._(
            "These points could be spent until %(day)s.",
            day=format_date(self.env, self.available_on),
        )

    def _explain_transfer(self):
        if self.points < 0:
            return self.env._("Moved to another card.")
        return self.env._("Moved here from another card.")

    def _explain_adjustment(self, reason_id):
        # sudo: whoever may read the entry may read its reason.
        reason = self.env["loyalty.adjustment.reason"].sudo().browse(reason_id)
        if not reason.exists():
            return []
        return [self.env._("Corrected: %(reason)s.", reason=reason.name)]
