from odoo import models
from odoo.tools import format_date

#: Programmes whose customers count points; in all others points are Odoo's own figure.
COUNTING = {"loyalty"}


class LoyaltyProgram(models.Model):
    """Promotions, coupons, gift cards and eWallets tell themselves, without points."""

    _inherit = "loyalty.program"

    def _list_words(self):
        self.ensure_one()
        if self.program_type in COUNTING:
            return super()._list_words()
        whom = [self._explain_audience()] if self.has_audience else []
        if self.is_payment_program:
            words = self._list_payment_words()
        else:
            words = self._list_offer_words()
        return [*whom, *words, *self._list_date_words(), *self._list_usage_words()]

    # === Offers ===

    def _list_offer_words(self):
        """Return what an offer gives, and what it takes, as sentences."""
        rules = self.rule_ids
        if not rules:
            return self._list_gift_words()
        words = []
        for rule in rules:
            words += self._list_gift_words(rule)
            words += rule._list_condition_words()
        return words

    def _list_gift_words(self, rule=None):
        """Return what is given for a purchase that fulfils a rule, as sentences."""
        return [
            reward._add_audience(self._describe_offer(reward, rule))
            for reward in self.reward_ids
        ]

    def _describe_offer(self, reward, rule):
        """Return what one reward of an offer is given for, as one sentence."""
        facts = {"gift": reward._describe_offer_gift()}
        pace = rule and rule._describe_pace(reward.required_points)
        if self.applies_on == "future":
            if pace:
                return self.env._(
                    "%(pace)s you get a coupon for a later order: %(gift)s.",
                    pace=pace,
                    **facts,
                )
            return self.env._("You get a coupon for a later order: %(gift)s.", **facts)
        if pace:
            return self.env._("%(pace)s you get: %(gift)s.", pace=pace, **facts)
        if self.program_type == "coupons":
            return self.env._("With a coupon you get: %(gift)s.", **facts)
        if rule and rule.mode == "with_code":
            # The code itself is for those whom the shop gives it.
            return self.env._("With a code from us you get: %(gift)s.", **facts)
        return self.env._("You get: %(gift)s.", **facts)

    # === Money on a card ===

    def _list_payment_words(self):
        """Return how a gift card or an eWallet is filled and used."""
        is_card = self.program_type == "gift_card"
        # sudo: the names of what is sold are told to every customer.
        names = self.rule_ids.sudo().product_ids.mapped("name")
        facts = {"names": self.rule_ids._join_names(names)}
        if is_card and names:
            words = [self.env._("A gift card is bought as: %(names)s.", **facts)]
        elif names:
            words = [self.env._("You fill your eWallet with: %(names)s.", **facts)]
        else:
            words = []
        for reward in self.reward_ids.filtered(lambda own: own._is_by_the_point()):
            amount = self._format_money(reward.discount)
            if is_card:
                words.append(
                    self.env._(
                        "Each %(unit)s on the card pays %(amount)s of an order, until "
                        "it is used up.",
                        unit=self._format_money(1),
                        amount=amount,
                    )
                )
            else:
                words.append(
                    self.env._(
                        "Each %(unit)s in your eWallet pays %(amount)s of an order.",
                        unit=self._format_money(1),
                        amount=amount,
                    )
                )
        return words

    # === When, and how often ===

    def _list_life_words(self):
        return super()._list_life_words() + self._list_date_words()

    def _list_date_words(self):
        """Return from which day to which the programme goes on."""
        facts = {
            "first": self.date_from and format_date(self.env, self.date_from),
            "last": self.date_to and format_date(self.env, self.date_to),
        }
        if self.date_from and self.date_to:
            return [self.env._("This is from %(first)s to %(last)s.", **facts)]
        if self.date_from:
            return [self.env._("This begins on %(first)s.", **facts)]
        if self.date_to:
            return [self.env._("This is until %(last)s.", **facts)]
        return []

    def _list_usage_words(self):
        if not self.limit_usage:
            return []
        if self.max_usage == 1:
            return [self.env._("Only one order gets it: the first.")]
        count = self._format_count(self.max_usage)
        return [self.env._("Only the first %(count)s orders get it.", count=count)]


class LoyaltyReward(models.Model):
    _inherit = "loyalty.reward"

    def _describe_offer_gift(self):
        """Return what a reward of an offer gives, as the end of a sentence."""
        if self.reward_type == "discount" and self._is_by_the_point():
            # An offer's points are nothing that a customer sees.
            return self.description
        return self._describe_gift()


class LoyaltyRule(models.Model):
    _inherit = "loyalty.rule"

    def _describe_pace(self, needed):
        """Return for how much of a purchase a reward is given, or None: for any.

        The beginning of a sentence, "For every 3 products".

        :param float needed: points that the reward takes
        """
        if self.reward_point_mode == "order" or not self.reward_point_amount:
            return None
        size = needed / self.reward_point_amount
        program = self.program_id
        if self.reward_point_mode == "money":
            amount = program._format_money(size)
            return self.env._("For every %(amount)s that you spend", amount=amount)
        names = self._get_goods_names()
        facts = {
            "count": program._format_count(size),
            "names": self._join_names(names),
        }
        if len(names) == 1:
            return self.env._("For every %(count)s × %(names)s", **facts)
        if names:
            return self.env._("For every %(count)s of these (%(names)s)", **facts)
        if self._is_for_certain_goods():
            return self.env._("For every %(count)s of certain products", **facts)
        if size == 1:
            return self.env._("For every product")
        return self.env._("For every %(count)s products", **facts)

    def _list_condition_words(self):
        """Return on what, and from how much on, the rule counts."""
        words = [] if self.reward_point_mode == "unit" else [self._describe_goods()]
        return [*filter(None, words), *self._list_minimum_words()]
