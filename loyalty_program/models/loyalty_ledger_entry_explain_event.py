from odoo import models


class LoyaltyLedgerEntry(models.Model):
    """Why an event gave so many points."""

    _inherit = "loyalty.ledger.entry"

    def _explain(self):
        sentences = super()._explain()
        if event := (self.breakdown or {}).get("event"):
            sentences += self._explain_event(event)
        return sentences

    def _explain_event(self, facts):
        """Return the sentences of what one rule gave for an event."""
        numbers = {
            name: self._format_number(facts[name])
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
        return sentences
