"""Claiming rewards in the cart: how many points, as the customer's form says."""

from odoo.http import request

from odoo.addons.loyalty_program.models.sale_order_choice import WISH
from odoo.addons.website_sale_loyalty.controllers.main import WebsiteSale


class LoyaltyCart(WebsiteSale):
    def _apply_reward(self, order, reward, coupon):
        """Override of ``website_sale_loyalty``: pass on the points that were chosen.

        The order checks them, whatever the browser sent.
        """
        points = request.params.get("points")
        if reward.has_choice and points is not None:
            order = order.with_context(**{WISH: {reward.id: points}})
        return super()._apply_reward(order, reward, coupon)
