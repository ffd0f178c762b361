"""Indexes that the till's tables lack, see ``loyalty_program``."""

from odoo import fields, models


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    coupon_id = fields.Many2one(index="btree_not_null")

    _reward_order_index = models.Index(
        "(reward_id, order_id) WHERE reward_id IS NOT NULL"
    )
