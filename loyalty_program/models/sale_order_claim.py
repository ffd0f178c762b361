from odoo import models


class SaleOrder(models.Model):
    """Rewards of the catalogue are no lines of an order."""

    _inherit = "sale.order"

    def _get_reward_refusal(self, reward, coupon):
        if reward.is_claimed_ahead:
            return reward._explain_claimed_ahead()
        return super()._get_reward_refusal(reward, coupon)
