from odoo import models


class SaleOrder(models.Model):
    """A cart gets the salesperson of the customer's tier when it becomes an order."""

    _inherit = "sale.order"

    def _compute_user_id(self):
        # Stock answers carts on its own, without the core's override.
        carts = self.filtered(lambda order: order.website_id and not order.user_id)
        result = super()._compute_user_id()
        carts._assign_tier_seller()
        return result

    def _is_seller_due(self):
        is_cart = self.website_id and self.state == "draft"
        return super()._is_seller_due() and not (
            is_cart and not self.env.context.get("force_user_recomputation")
        )
