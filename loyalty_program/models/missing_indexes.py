"""Indexes that stock tables lack, so that no request slows down with history.

Stock finds the history of an order by reading all of it, at every cancellation, every
look at an order and every order of the till. And it deletes the cards that a quotation
did not use, for each of which PostgreSQL reads the tables that point to cards.

They are indexes of their own: one that a field asks for stays when the addon goes.
"""

from odoo import models


class LoyaltyHistory(models.Model):
    _inherit = "loyalty.history"

    _order_index = models.Index("(order_id, order_model)")


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    _coupon_index = models.Index("(coupon_id) WHERE coupon_id IS NOT NULL")
    # Its second column counts the orders of a reward, up to a limit.
    _reward_order_index = models.Index(
        "(reward_id, order_id) WHERE reward_id IS NOT NULL"
    )


class SaleOrderCouponPoints(models.Model):
    _inherit = "sale.order.coupon.points"

    _coupon_index = models.Index("(coupon_id)")
