from decimal import ROUND_CEILING, ROUND_UP, Decimal

from odoo import models

from odoo.addons.loyalty_program.engine.rounding import to_decimal


class LoyaltyReward(models.Model):
    _inherit = "loyalty.reward"

    def _get_claim_cost(self, quantity, amount, balance):
        """Return what one claim of the reward costs, whatever a till says.

        :param Decimal quantity: units given away
        :param Decimal amount: money given away, positive
        :param Decimal balance: points of the member, for rewards that take them all
        :return: points, rounded up to the programme's scale
        :rtype: Decimal
        """
        self.ensure_one()
        required = to_decimal(self.required_points)
        if self.clear_wallet:
            cost = max(required, balance)
        elif self.reward_type == "product":
            times = quantity / to_decimal(self.reward_product_qty or 1)
            cost = required * times.to_integral_value(rounding=ROUND_CEILING)
        elif self.discount_mode == "per_point":
            cost = amount / to_decimal(self.discount)
        else:
            cost = required
        step = Decimal(1).scaleb(-self.program_id.points_scale)
        return cost.quantize(step, rounding=ROUND_UP)
