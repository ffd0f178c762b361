from odoo import models


class SaleOrder(models.Model):
    """The rewards that a cart shows: for its customer, at the customer's price."""

    _inherit = "sale.order"

    def _get_claimable_and_showable_rewards(self):
        shares = self._get_smallest_shares()
        with self._showing_points(shares):
            offered = super()._get_claimable_and_showable_rewards()
        offered = {
            card: kept
            for card, rewards in offered.items()
            if (kept := rewards.filtered(lambda own: not own.is_claimed_ahead))
        }
        return self._keep_claimable(offered, shares)
