from odoo import models


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
            return self._describe_per_point()
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

    def _describe_per_point(self):
        program = self.program_id
        return self.env._(
            "%(points)s = %(amount)s off. You can use them from %(least)s on.",
            points=program._format_points(1),
            amount=program._format_money(self.discount),
            least=self._describe_price(),
        )

    def _describe_gift(self):
        """Return what the reward gives, as the end of a sentence."""
        if self.reward_type == "discount":
            return self._describe_discount()
        if self.reward_type == "product":
            return self._describe_product()
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
            text = self.env._("%(amount)s off certain products", amount=amount)
        else:
            text = self.env._("%(amount)s off", amount=amount)
        if not self.discount_max_amount:
            return text
        return self.env._(
            "%(discount)s, %(amount)s at most",
            discount=text,
            amount=program._format_money(self.discount_max_amount),
        )

    def _describe_product(self):
        # sudo: the names of what is free are told to every customer.
        products = self.sudo().reward_product_ids
        quantity = self.reward_product_qty
        if len(products) != 1:
            return self.description
        if quantity > 1:
            return self.env._(
                "%(count)s × %(product)s for free",
                count=quantity,
                product=products.name,
            )
        return self.env._("1 %(product)s for free", product=products.name)
