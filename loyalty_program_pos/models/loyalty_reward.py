from decimal import ROUND_CEILING, ROUND_UP, Decimal

from odoo import models

from odoo.addons.loyalty_program.engine.rounding import to_decimal


class LoyaltyReward(models.Model):
    _inherit = "loyalty.reward"

    def _get_claim_cost(self, quantity, amount, balance, card):
        """Return what one claim of the reward costs, whatever a till says.

        :param Decimal quantity: units given away
        :param Decimal amount: money given away, positive
        :param Decimal balance: points of the member, for rewards that take them all
        :param card: the member's, whose tier may make rewards cheaper
        :return: points, rounded up to the programme's scale
        :rtype: Decimal
        """
        self.ensure_one()
        required, scale = self._get_price(card), self.program_id.points_scale
        if self.clear_wallet:
            cost = max(required, balance)
        elif self.reward_type == "product":
            times = quantity / to_decimal(self.reward_product_qty or 1)
            cost = required * times.to_integral_value(rounding=ROUND_CEILING)
        elif self.discount_mode == "per_point":
            cost = amount / to_decimal(self.discount)
        else:
            cost = required
        step = Decimal(1).scaleb(-scale)
        return cost.quantize(step, rounding=ROUND_UP)

    def _get_claim_limit(self, lines):
        """Return the most money that one claim of the reward may give away.

        Deliberately generous where the till knows more than the server: it is the net
        below the till's own sum, not a second computation of it.

        :param lines: the claim's lines of a till order
        :return: Decimal, or None where the money is paid for by its points
        """
        self.ensure_one()
        goods = lines.order_id.lines.filtered(
            lambda line: not line.is_reward_line and line.price_subtotal_incl > 0
        )
        if self.reward_type == "product":
            return self._get_product_limit(lines, goods)
        if self.discount_mode == "per_point":
            return None
        order, program = lines.order_id, self.program_id
        limit = to_decimal(self.discount)
        if self.discount_mode == "percent":
            limit *= self._get_discountable(goods) / 100
        else:
            limit = order._to_order_currency(limit, program)
        if self.discount_max_amount:
            most = to_decimal(self.discount_max_amount)
            limit = min(limit, order._to_order_currency(most, program))
        return limit

    def _get_product_limit(self, lines, goods):
        """Return what the products cost that are given away."""
        products = self.reward_product_ids
        prices = [to_decimal(product.lst_price) for product in products]
        prices += [
            to_decimal(line.price_subtotal_incl / line.qty)
            for line in goods
            if line.product_id in products and line.qty
        ]
        quantity = to_decimal(abs(sum(lines.mapped("qty"))))
        return quantity * max(prices, default=Decimal(0))

    def _get_discountable(self, goods):
        """Return the money of the goods that a percentage may be taken of."""
        if self.discount_applicability == "specific":
            goods = goods.filtered(
                lambda line: line.product_id.filtered_domain(
                    self._get_discount_product_domain()
                )
            )
        amounts = [to_decimal(line.price_subtotal_incl) for line in goods]
        if self.discount_applicability == "cheapest":
            amounts = [
                to_decimal(line.price_subtotal_incl / line.qty)
                for line in goods
                if line.qty
            ]
            return max(amounts, default=Decimal(0))
        return sum(amounts, Decimal(0))
