"""Indexes that the till's tables lack, see ``loyalty_program``."""

from odoo import fields, models


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    coupon_id = fields.Many2one(index="btree_not_null")
    reward_id = fields.Many2one(index="btree_not_null")
