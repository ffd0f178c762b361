"""Codes and rewards in the cart, whatever the browser sends."""

from odoo.http import request, route

from .parameters import parse_id, parse_text
from odoo.addons.loyalty_program.models.sale_order_choice import WISH
from odoo.addons.website_sale_loyalty.controllers.cart import Cart
from odoo.addons.website_sale_loyalty.controllers.main import WebsiteSale


class LoyaltyCart(WebsiteSale):
    @route()
    def pricelist(self, promo="", reward_id=None, **post):
        """Override of ``website_sale_loyalty``: no code at all is an empty one."""
        return super().pricelist(parse_text(promo), reward_id=reward_id, **post)

    @route()
    def claim_reward(self, reward_id=None, code=None, **post):
        """Override of ``website_sale_loyalty``: what the browser made up is nothing."""
        if "product_id" in post:
            post["product_id"] = parse_id(post["product_id"])
        return super().claim_reward(parse_id(reward_id), code=parse_text(code), **post)

    def _apply_reward(self, order, reward, coupon):
        """Override of ``website_sale_loyalty``: pass on the points that were chosen.

        The order checks them, whatever the browser sent.
        """
        points = request.params.get("points")
        if reward.has_choice and points is not None:
            order = order.with_context(**{WISH: {reward.id: points}})
        return super()._apply_reward(order, reward, coupon)


class WalletTopUp(Cart):
    @route()
    def wallet_top_up(self, **kwargs):
        """Override of ``website_sale_loyalty``: what is no product fills no cart."""
        product_id = parse_id(kwargs.get("trigger_product_id"))
        if not request.env["product.product"].browse(product_id).exists():
            return request.redirect("/shop/cart")
        return super().wallet_top_up(**{**kwargs, "trigger_product_id": product_id})
