from odoo import models


class LoyaltyTier(models.Model):
    """What a tier takes and gives, in sentences."""

    _inherit = "loyalty.tier"

    def _list_words(self):
        """Return how the tier is reached, and what it gives."""
        self.ensure_one()
        benefits = [f"\N{BULLET} {text}" for text in self._list_benefits()]
        return [self._describe(), *benefits]

    def _describe(self):
        """Return how a member reaches the tier, as one sentence."""
        program = self.program_id
        facts = {"tier": self.name, "months": program.tier_window_months}
        if not self.threshold:
            return self.env._("%(tier)s: from the start.", **facts)
        facts["amount"] = self._describe_thresholds()
        if program.tier_window == "rolling" and program.tier_window_months == 1:
            return self.env._("%(tier)s: with %(amount)s in a month.", **facts)
        if program.tier_window == "rolling":
            return self.env._(
                "%(tier)s: with %(amount)s in %(months)s months.", **facts
            )
        if program.tier_window == "lifetime":
            return self.env._("%(tier)s: with %(amount)s in all.", **facts)
        return self.env._("%(tier)s: with %(amount)s in a year.", **facts)

    def _describe_thresholds(self):
        """Return what the tier takes: one number, or two."""
        return self._describe_amounts((self.threshold, self.threshold_2))

    def _describe_amounts(self, amounts):
        """Return amounts with what they count: "2 orders or purchases of 100.00 €".

        :param amounts: in the order of the numbers that count; None is not told
        """
        program = self.program_id
        parts = [
            self._describe_amount(metric, amount)
            for metric, amount in zip(
                program._get_tier_metrics(), amounts, strict=False
            )
            if amount is not None
        ]
        if len(parts) < 2:
            return "".join(parts)
        first, second = parts
        if program.tier_join == "any":
            return self.env._("%(first)s or %(second)s", first=first, second=second)
        return self.env._("%(first)s and %(second)s", first=first, second=second)

    def _describe_amount(self, metric, value):
        """Return an amount with what it counts, such as "purchases of 100.00 €"."""
        program = self.program_id
        count = program._format_count(value)
        ones = {
            "orders": self.env._("1 order"),
            "visits": self.env._("1 day with a purchase"),
            "events": self.env._("1 event"),
        }
        if value == 1 and metric in ones:
            return ones[metric]
        texts = {
            "spend": self.env._(
                "purchases of %(amount)s", amount=program._format_money(value)
            ),
            "points": self.env._(
                "%(points)s collected", points=program._format_points(value)
            ),
            "orders": self.env._("%(count)s orders", count=count),
            "visits": self.env._("%(count)s days with a purchase", count=count),
            "events": self.env._("%(count)s events", count=count),
        }
        return texts[metric]
