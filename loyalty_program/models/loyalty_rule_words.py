from odoo import models

#: Products that a sentence names before it counts the others.
NAMED = 3


class LoyaltyRule(models.Model):
    """What a purchase earns, in sentences."""

    _inherit = "loyalty.rule"

    def _list_words(self):
        """Return the sentences of this rule: what earns, on what, and from when on."""
        self.ensure_one()
        sentences = [self._add_audience(self._describe())]
        if goods := self._describe_goods():
            sentences.append(goods)
        sentences += self._list_minimum_words()
        if self.mode == "with_code":
            # The code itself is for those whom the shop gives it.
            sentences.append(self.env._("This counts with a code from us."))
        return sentences

    def _list_minimum_words(self):
        """Return how much of a purchase it takes for the rule to count."""
        sentences = []
        if self.minimum_amount:
            amount = self.program_id._format_money(self.minimum_amount)
            sentences.append(self._describe_minimum_amount(amount))
        if self.minimum_qty > 1:
            sentences.append(
                self.env._(
                    "This counts from %(count)s pieces on.", count=self.minimum_qty
                )
            )
        return sentences

    def _describe_minimum_amount(self, amount):
        if self.minimum_amount_tax_mode == "excl":
            return self.env._(
                "This counts from %(amount)s on, without taxes.", amount=amount
            )
        return self.env._("This counts from %(amount)s on.", amount=amount)

    def _describe(self):
        """Return what earns how many points, as one sentence."""
        self.ensure_one()
        program, amount = self.program_id, self.reward_point_amount
        points = program._format_points(amount)
        if self.reward_point_mode == "money":
            return self._describe_money()
        if self.reward_point_mode == "order":
            return self.env._("Collect %(points)s with every purchase.", points=points)
        if names := self._get_goods_names():
            return self.env._(
                "Collect %(points)s for each of: %(names)s.",
                points=points,
                names=self._join_names(names),
            )
        if self._is_for_certain_goods():
            return self.env._(
                "Collect %(points)s for each of a selection of our products.",
                points=points,
            )
        return self.env._("Collect %(points)s for each product.", points=points)

    def _describe_money(self):
        """Return points for money; where a point costs more than one, its price."""
        program, rate = self.program_id, self.reward_point_amount
        price, points = 1.0, rate
        if 0 < rate < 1 and round(1 / rate, 2) * rate == 1:
            price, points = round(1 / rate, 2), 1
        return self.env._(
            "Collect %(points)s for every %(amount)s you spend.",
            points=program._format_points(points),
            amount=program._format_money(price),
        )

    def _is_for_certain_goods(self):
        has_domain = self.product_domain and self.product_domain != "[]"
        return bool(
            self.product_ids
            or self.product_category_id
            or self.product_tag_id
            or has_domain
        )

    def _describe_goods(self):
        """Return on what it is earned; None for everything, or where that is said."""
        if not self._is_for_certain_goods() or self.reward_point_mode == "unit":
            return None
        names = self._get_goods_names()
        if not names:
            return self.env._("This counts for a selection of our products.")
        return self.env._("This counts for: %(names)s.", names=self._join_names(names))

    def _get_goods_names(self):
        """Return the names of what earns; none for everything and for a filter."""
        if self.product_domain and self.product_domain != "[]":
            return []
        # sudo: the names of what earns are told to every customer.
        rule = self.sudo()
        kinds = (rule.product_category_id, rule.product_tag_id)
        names = rule.product_ids.mapped("name") + [kind.name for kind in kinds if kind]
        return list(dict.fromkeys(names))

    def _join_names(self, names):
        more = len(names) - NAMED
        if more <= 0:
            return ", ".join(names)
        return self.env._(
            "%(names)s and %(count)s more", names=", ".join(names[:NAMED]), count=more
        )
