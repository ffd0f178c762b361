from dataclasses import replace

from odoo import models

from .loyalty_rule_audience import _CLOSED


class SaleOrder(models.Model):
    """Rules that are for some customers only earn nothing on the orders of others."""

    _inherit = "sale.order"

    def _get_trigger_domain(self):
        closed = self.env["loyalty.rule"]._get_closed_ids(self.partner_id)
        domain = super()._get_trigger_domain()
        # A list, as in stock: website_sale_loyalty replaces one of its leaves.
        return [*domain, ("id", "not in", closed)] if closed else domain

    def _program_check_compute_points(self, programs):
        closed = set(self.env["loyalty.rule"]._get_closed_ids(self.partner_id))
        if not closed:
            return super()._program_check_compute_points(programs)
        cache = self.env.cr.cache
        before = cache.get(_CLOSED)
        cache[_CLOSED] = closed
        try:
            return super()._program_check_compute_points(programs)
        finally:
            cache[_CLOSED] = before

    def _get_loyalty_basket(self, program, delivered=False):
        basket = super()._get_loyalty_basket(program, delivered)
        closed = self._get_closed_rule_ids(program)
        return replace(basket, closed_rule_ids=frozenset(closed)) if closed else basket

    def _get_closed_rule_ids(self, program):
        """Return the ids of the rules that are not, or were not, for the customer."""
        if self.state == "sale":
            # sudo: the points of the order are the system's own record.
            points = self.coupon_point_ids.sudo().filtered(
                lambda point: point.coupon_id.program_id == program
            )
            if points and (kept := points[0].closed_rules):
                return kept["ids"]
        return self.env["loyalty.rule"]._get_closed_ids(self.partner_id)

    def _post_loyalty(self):
        """Keep which rules are for the customer: what is posted here may change it."""
        rules = self.env["loyalty.rule"]
        for order in self if rules._get_restricted_ids() else ():
            # sudo: the points of the order are the system's own record.
            points = order.coupon_point_ids.sudo()
            points.closed_rules = {"ids": rules._get_closed_ids(order.partner_id)}
        return super()._post_loyalty()
