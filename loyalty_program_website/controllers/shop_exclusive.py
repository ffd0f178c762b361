"""Exclusive products on the way from the shop to the payment."""

from odoo.http import request, route

from .parameters import parse_id
from odoo.addons.website_sale.controllers.cart import Cart
from odoo.addons.website_sale.controllers.main import WebsiteSale
from odoo.addons.website_sale.controllers.product_configurator import (
    WebsiteSaleProductConfiguratorController,
)


class ExclusiveCart(Cart):
    @route()
    def add_to_cart(
        self, product_template_id, product_id, *args, linked_products=None, **kwargs
    ):
        """Override of ``website_sale``: what is locked is refused with its reason."""
        chosen = [product_id]
        if isinstance(linked_products, list):
            chosen += [
                item.get("product_id")
                for item in linked_products
                if isinstance(item, dict)
            ]
        if reason := self._find_lock([parse_id(own) for own in chosen]):
            return {
                "cart_quantity": request.cart.cart_quantity if request.cart else 0,
                "notification_info": {"warning": reason},
                "quantity": 0,
                "tracking_info": [],
            }
        return super().add_to_cart(
            product_template_id,
            product_id,
            *args,
            linked_products=linked_products,
            **kwargs,
        )

    def _find_lock(self, product_ids):
        """Return why one of these products is locked for the visitor, or None.

        A hidden product is not told of: it does not exist.
        """
        # sudo: visitors may not read the products of a combo.
        products = request.env["product.product"].sudo().browse(product_ids).exists()
        for template in products.product_tmpl_id.filtered("is_shown_to_user"):
            if reason := template._get_exclusive_lock():
                return reason
        return None


class ExclusiveShop(WebsiteSale):
    def _get_shop_payment_errors(self, order):
        errors = super()._get_shop_payment_errors(order)
        return order._get_exclusive_payment_errors() + errors


class ExclusiveConfigurator(WebsiteSaleProductConfiguratorController):
    def _should_show_product(self, product_template, parent_combination):
        """Override of ``website_sale``: no option that cannot be added."""
        shown = super()._should_show_product(product_template, parent_combination)
        if request.is_frontend and product_template._get_exclusive_lock():
            return False
        return shown
