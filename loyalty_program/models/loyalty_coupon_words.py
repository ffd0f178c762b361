from odoo import models
from odoo.tools import format_date

#: From so many days before the end on, the days that are left are told.
SOON_DAYS = 7


class LoyaltyCard(models.Model):
    """How long a coupon may be used, in words."""

    _inherit = "loyalty.card"

    def _describe_end(self):
        """Return how long a usable coupon lasts, as a sentence, or None: for ever."""
        self.ensure_one()
        if not self.expiration_date:
            return None
        left = (self.expiration_date - self.program_id._get_local_date()).days
        day = format_date(self.env, self.expiration_date)
        if left == 0:
            return self.env._("Today is the last day to use it.")
        if left == 1:
            return self.env._("Tomorrow is the last day to use it.")
        if left <= SOON_DAYS:
            return self.env._(
                "%(left)s days left: %(day)s is the last day to use it.",
                left=left,
                day=day,
            )
        return self.env._("Valid until %(day)s. The last day counts as well.", day=day)


class LoyaltyProgram(models.Model):
    """How long coupons last, among the words of a programme."""

    _inherit = "loyalty.program"

    def _list_life_words(self):
        return super()._list_life_words() + self._list_coupon_words()

    def _list_coupon_words(self):
        rewards = self.reward_ids.filtered("issues_coupon")
        if not rewards:
            return []
        sentences = [self._describe_coupon_life(rewards)]
        if any(rewards.mapped("coupon_valid_days")) and self.coupon_reminder_days:
            sentences.append(
                self.env._(
                    "You get an e-mail %(span)s before an unused coupon ends.",
                    span=self._format_span(self.coupon_reminder_days, "day"),
                )
            )
        return sentences

    def _describe_coupon_life(self, rewards):
        spans = sorted(set(rewards.mapped("coupon_valid_days")))
        if spans == [0]:
            return self.env._("Coupons do not expire.")
        if len(spans) == 1:
            return self.env._(
                "A coupon is valid for %(span)s. The last day counts as well.",
                span=self._format_span(spans[0], "day"),
            )
        return self.env._(
            "How long a coupon is valid depends on the reward: each shows its last day."
        )
