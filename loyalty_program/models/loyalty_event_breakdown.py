from decimal import Decimal

from odoo import api, models


class LoyaltyLedgerEntry(models.Model):
    """Why an event gave so many points."""

    _inherit = "loyalty.ledger.entry"

    @api.depends("breakdown", "points")
    def _compute_breakdown_text(self):
        events = self.filtered(lambda entry: (entry.breakdown or {}).get("event"))
        result = super(LoyaltyLedgerEntry, self - events)._compute_breakdown_text()
        for entry in events:
            entry.breakdown_text = entry._explain_event(entry.breakdown["event"])
        return result

    def _explain_event(self, facts):
        numbers = {
            name: f"{Decimal(facts[name]).normalize():f}"
            for name in ("rate", "base", "exact", "points", "uncapped")
            if name in facts
        }
        if facts["mode"] == "event":
            sentences = [self.env._("%(exact)s for the event.", **numbers)]
        else:
            sentences = [
                self.env._("%(rate)s for each of %(base)s = %(exact)s.", **numbers)
            ]
        if "uncapped" in numbers:
            sentences.append(
                self.env._("The limit of the rule leaves %(points)s.", **numbers)
            )
        elif numbers["exact"] != numbers["points"]:
            sentences.append(self.env._("Rounded down to %(points)s.", **numbers))
        return " ".join(sentences)
