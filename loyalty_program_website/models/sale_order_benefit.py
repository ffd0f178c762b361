from odoo import models


class SaleOrder(models.Model):
    """The percentage of the customer's tier in the cart.

    A customer takes it off, and claims it again, as any other promotion of the shop.
    """

    _inherit = "sale.order"

    def _is_made_by_machine(self):
        """Override: in a webshop the customer is at work, the server for them."""
        return super()._is_made_by_machine() and not self.website_id

    def _get_refused_rewards(self):
        return super()._get_refused_rewards() | self.disabled_auto_rewards


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_orders_of_taken_benefits(self):
        orders = super()._get_orders_of_taken_benefits()
        return orders.filtered(lambda order: not order.website_id)
