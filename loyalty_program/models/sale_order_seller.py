from odoo import models


class SaleOrder(models.Model):
    """New orders of a member go to whom the tier promises; a person's choice stays."""

    _inherit = "sale.order"

    def _compute_user_id(self):
        # Where stock decides: never on a stored order that has a salesperson.
        undecided = self.filtered(
            lambda order: order.partner_id and not (order._origin.id and order.user_id)
        )
        result = super()._compute_user_id()
        undecided._assign_tier_seller()
        return result

    def _assign_tier_seller(self):
        """Give the orders the salesperson that the customer's tier promises."""
        if not self.env["res.partner"]._may_hand_over():
            return
        for order in self.filtered(lambda order: order._is_seller_due()):
            benefit = order.partner_id._get_tier_seller(order.company_id)
            if benefit.seller_id:
                order.user_id = benefit.seller_id.with_env(self.env)

    def _is_seller_due(self):
        """Tell whether a salesperson is given to the order now.

        Override to: wait until an order is more than a cart.
        """
        return True

    def _compute_team_id(self):
        result = super()._compute_team_id()
        for order in self.filtered(lambda order: not order._origin.id):
            benefit = order.partner_id._get_tier_seller(order.company_id)
            is_sellers = not benefit.seller_id or order.user_id == benefit.seller_id
            if benefit.seller_team_id and is_sellers:
                order.team_id = benefit.seller_team_id.with_env(self.env)
        return result
