from odoo import models


class LoyaltyProgram(models.Model):
    """How a tier is kept and lost, in sentences."""

    _inherit = "loyalty.program"

    def _list_move_words(self):
        """Return the sentences that tell a customer how tiers rise and fall."""
        self.ensure_one()
        if len(self.tier_ids) < 2:
            return []
        words = [
            self.env._("A tier is reached at once, with the purchase that is enough."),
            self._describe_period(),
        ]
        if self.tier_window != "lifetime":
            words.append(self._describe_descent())
            if self.tier_grace_days:
                words.append(self._describe_grace())
        words.append(
            self.env._("What is given back counts no more; gifts and bonuses never do.")
        )
        return words

    def _describe_grace(self):
        if self.tier_grace_days == 1:
            return self.env._("Purchases of the day after that still count.")
        return self.env._(
            "Purchases of the %(days)s days after that still count.",
            days=self.tier_grace_days,
        )

    def _describe_period(self):
        if self.tier_window == "rolling" and self.tier_window_months == 1:
            return self.env._(
                "Counted is the last month. At the end of each month we look again."
            )
        texts = {
            "rolling": self.env._(
                "Counted are the last %(months)s months. At the end of each month we "
                "look again.",
                months=self.tier_window_months,
            ),
            "year": self.env._(
                "Counted is the calendar year. A tier lasts for the rest of it and the "
                "whole next year."
            ),
            "anniversary": self.env._(
                "Counted is the year of your membership. A tier lasts for the rest of "
                "it and the whole next one."
            ),
            "lifetime": self.env._("All purchases ever count. A tier is never lost."),
        }
        return texts[self.tier_window]

    def _describe_descent(self):
        if self.tier_descent == "one":
            return self.env._("Who did not keep the tier then goes down one step.")
        return self.env._(
            "Who did not keep the tier then goes to the one that was kept."
        )


class LoyaltyTier(models.Model):
    _inherit = "loyalty.tier"

    def _describe_keep(self):
        """Return what staying takes, where that is less than reaching it, or False."""
        self.ensure_one()
        program = self.program_id
        is_less = self.keep_threshold < self.threshold or (
            bool(program.tier_metric_2) and self.keep_threshold_2 < self.threshold_2
        )
        if program.tier_window == "lifetime" or not is_less:
            return False
        amounts = (self.keep_threshold, self.keep_threshold_2)
        return self.env._(
            "To stay: %(amount)s.", amount=self._describe_amounts(amounts)
        )
