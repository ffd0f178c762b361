"""Indexes that the till's tables lack, see ``loyalty_program``."""

from odoo import models


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    _coupon_index = models.Index("(coupon_id) WHERE coupon_id IS NOT NULL")
    _reward_order_index = models.Index(
        "(reward_id, order_id) WHERE reward_id IS NOT NULL"
    )
