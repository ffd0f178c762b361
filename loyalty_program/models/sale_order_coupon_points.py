from odoo import models


class SaleOrderCouponPoints(models.Model):
    """What an order gives a card, noted by Odoo with every look at the order."""

    _inherit = "sale.order.coupon.points"

    def write(self, vals):
        """Override: what was noted already is not written again."""
        if vals.keys() == {"points"} and all(
            row.points == vals["points"] for row in self
        ):
            return True
        return super().write(vals)
