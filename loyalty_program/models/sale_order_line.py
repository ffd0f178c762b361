from contextlib import ExitStack

from odoo import api, models
from odoo.exceptions import ValidationError


class SaleOrderLine(models.Model):
    """Changes of confirmed orders reach the ledger under the order's name.

    Stock gives and takes points by itself when the reward lines of a confirmed order
    change. The claim says whose doing that is; lines of drafts write no points.
    """

    _inherit = "sale.order.line"

    @api.constrains("points_cost", "coupon_id")
    def _check_cost_takes_points(self):
        # sudo: the card's programme decides, whoever sells.
        for line in self.sudo().filtered("coupon_id"):
            strict = line.coupon_id.program_id.ledger_policy == "strict"
            # A number that is none is not above zero either.
            if strict and not line.points_cost >= 0:
                raise ValidationError(
                    self.env._("A reward takes points, it cannot give any.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        ids = [vals.get("order_id") for vals in vals_list if vals.get("coupon_id")]
        with self._claim_loyalty(self.env["sale.order"].browse(filter(None, ids))):
            return super().create(vals_list)

    def write(self, vals):
        if {"points_cost", "coupon_id"}.isdisjoint(vals):
            return super().write(vals)
        with self._claim_loyalty(self.order_id):
            return super().write(vals)

    def unlink(self):
        with self._claim_loyalty(self.filtered("coupon_id").order_id):
            return super().unlink()

    def _claim_loyalty(self, orders):
        """Return a context in which stock's writes of points are the order's."""
        stack = ExitStack()
        confirmed = orders.filtered(lambda order: order.state == "sale")
        if len(confirmed) == 1:
            ledger = self.env["loyalty.ledger"]
            stack.enter_context(
                ledger._claim(
                    confirmed,
                    channel=confirmed._get_loyalty_channel(),
                    gain="redeem_reversal",
                    loss="redeem",
                    posts_strict=bool(confirmed._get_loyalty_entries()),
                )
            )
        return stack
