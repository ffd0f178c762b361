from odoo import models
from odoo.tools import format_date


class LoyaltyReward(models.Model):
    """What points buy, in sentences."""

    _inherit = "loyalty.reward"

    def _describe(self, card=None):
        """Return what the reward costs and gives, as one sentence.

        Override to: word another type of reward; others tell their description.

        :param card: of the member who reads it: the tier may make it cheaper
        """
        self.ensure_one()
        facts = {"points": self._describe_price(card), "gift": self._describe_gift()}
        if self.reward_type == "discount" and self.discount_mode == "per_point":
            return self._describe_per_point(card)
        if self.clear_wallet:
            return self.env._(
                "All your points, %(points)s at least = %(gift)s.", **facts
            )
        return self.env._("%(points)s = %(gift)s.", **facts)

    def _describe_price(self, card=None):
        program = self.program_id
        usual = program._format_points(self.required_points)
        price = float(self._get_price(card)) if card else self.required_points
        if price == self.required_points:
            return usual
        return self.env._(
            "%(points)s instead of %(usual)s",
            points=program._format_points(price),
            usual=usual,
        )

    def _describe_per_point(self, card=None):
        """Return what a point is worth, and how many of them may be used at once."""
        program = self.program_id
        sentences = [
            self.env._(
                "%(points)s = %(gift)s.",
                points=program._format_points(1),
                gift=self._describe_discount(),
            )
        ]
        if self.clear_wallet:
            sentences.append(
                self.env._(
                    "All your points are used at once, %(least)s at least.",
                    least=self._describe_price(card),
                )
            )
        else:
            sentences += self._list_choice_words(card)
        return " ".join(sentences)

    def _list_choice_words(self, card):
        """Return how many points an order takes of a reward by the point."""
        program = self.program_id
        least = self._describe_least(card)
        sentences = []
        if least != program._format_points(1):
            sentences.append(
                self.env._("You can use them from %(least)s on.", least=least)
            )
        if not self.has_choice:
            return sentences
        terms = self._get_choice_terms()
        if terms.step != 1:
            step = program._format_points(float(terms.step))
            sentences.append(self.env._("In steps of %(step)s.", step=step))
        if terms.maximum:
            most = program._format_points(float(terms.maximum))
            sentences.append(self.env._("One order takes %(most)s at most.", most=most))
        return sentences

    def _describe_gift(self):
        """Return what the reward gives, as the end of a sentence."""
        if self.reward_type == "discount":
            return self._describe_discount()
        if self.reward_type == "product":
            return self._describe_product()
        if self.reward_type == "shipping":
            return self._add_most(self.env._("free delivery"))
        return self.description

    def _describe_discount(self):
        program = self.program_id
        if self.discount_mode == "percent":
            amount = self.env._(
                "%(percent)s %%", percent=program._format_count(self.discount)
            )
        else:
            amount = program._format_money(self.discount)
        if self.discount_applicability == "cheapest":
            text = self.env._("%(amount)s off the cheapest product", amount=amount)
        elif self.discount_applicability == "specific":
            text = self._describe_specific(amount)
        else:
            text = self.env._("%(amount)s off", amount=amount)
        return self._add_most(text)

    def _add_most(self, text):
        """Return what is given, with the most that it is worth."""
        if not self.discount_max_amount:
            return text
        return self.env._(
            "%(discount)s, %(amount)s at most",
            discount=text,
            amount=self.program_id._format_money(self.discount_max_amount),
        )

    def _describe_specific(self, amount):
        # sudo: the names of what is cheaper are told to every customer.
        own = self.sudo()
        kinds = (own.discount_product_category_id, own.discount_product_tag_id)
        names = own.discount_product_ids.mapped("name")
        names += [kind.name for kind in kinds if kind]
        if not names or (own.discount_product_domain or "[]") != "[]":
            return self.env._("%(amount)s off certain products", amount=amount)
        return self.env._(
            "%(amount)s off these products: %(names)s",
            amount=amount,
            names=self.env["loyalty.rule"]._join_names(list(dict.fromkeys(names))),
        )

    def _describe_product(self):
        # sudo: the names of what is free are told to every customer.
        products = self.sudo().reward_product_ids
        quantity = self.reward_product_qty
        if not products:
            return self.description
        facts = {
            "count": quantity,
            "product": products[:1].name,
            "names": self.env["loyalty.rule"]._join_names(
                list(dict.fromkeys(products.mapped("name")))
            ),
        }
        if len(products) > 1 and quantity > 1:
            return self.env._("%(count)s for free of: %(names)s", **facts)
        if len(products) > 1:
            return self.env._("one of these for free: %(names)s", **facts)
        if quantity > 1:
            return self.env._("%(count)s × %(product)s for free", **facts)
        return self.env._("1 %(product)s for free", **facts)

    # === How often, when and beside what ===

    def _list_limit_words(self):
        """Return what stands against a claim, as sentences."""
        program = self.program_id
        words = []
        if self.issues_coupon:
            words.append(self.env._("You get it as a coupon."))
        facts = {
            "first": self.claim_from and format_date(self.env, self.claim_from),
            "last": self.claim_to and format_date(self.env, self.claim_to),
        }
        if self.claim_from and self.claim_to:
            words.append(self.env._("On offer from %(first)s to %(last)s.", **facts))
        elif self.claim_from:
            words.append(self.env._("On offer from %(first)s on.", **facts))
        elif self.claim_to:
            words.append(self.env._("On offer until %(last)s.", **facts))
        if self.limit_member:
            words.append(self._describe_member_limit())
        if self.limit_total:
            count = program._format_count(self.limit_total)
            words.append(self.env._("There are %(count)s in all.", count=count))
        if others := self._get_excluded_names():
            words.append(
                self.env._(
                    "Not in one order with: %(names)s.",
                    names=self.env["loyalty.rule"]._join_names(others),
                )
            )
        return words

    def _describe_member_limit(self):
        count = self.limit_member
        if count == 1:
            return {
                "ever": self.env._("Once for each member."),
                "day": self.env._("Once a day for each member."),
                "week": self.env._("Once a week for each member."),
                "month": self.env._("Once a month for each member."),
                "year": self.env._("Once a year for each member."),
            }[self.limit_period]
        return {
            "ever": self.env._("%(count)s times for each member.", count=count),
            "day": self.env._("%(count)s times a day for each member.", count=count),
            "week": self.env._("%(count)s times a week for each member.", count=count),
            "month": self.env._(
                "%(count)s times a month for each member.", count=count
            ),
            "year": self.env._("%(count)s times a year for each member.", count=count),
        }[self.limit_period]

    def _get_excluded_names(self):
        """Return what the other rewards of the same groups give."""
        groups = self.exclusion_group_ids
        others = self.program_id.reward_ids - self
        others = others.filtered(lambda own: own.exclusion_group_ids & groups)
        return [other._describe_gift() for other in others]
