from odoo import models

from .sale_order_membership import _get_net_price


class AccountMove(models.Model):
    """A credit note ends the care plans whose money, or whose item, goes back."""

    _inherit = "account.move"

    def _post(self, soft=True):
        refunds = self.filtered(lambda move: move.move_type == "out_refund")
        refunds._get_refunded_care_plans(whole=True)._check_may_be_refunded()
        result = super()._post(soft)
        posted = refunds.filtered(lambda move: move.state == "posted")
        posted._get_refunded_care_plans()._cancel(
            self.env._("The money of the care plan went back.")
        )
        posted._end_care_of_items()
        return result

    def _get_refunded_care_plans(self, whole=False):
        """Return the plans whose money these credit notes give back.

        :param bool whole: only those whose price comes back in full
        """
        # sudo: whoever books the credit note need not see care plans.
        plans = self.env["loyalty.care.plan"].sudo()
        # sudo: nor the orders that they came from.
        for line in self.sudo().invoice_line_ids:
            sold = line.sale_line_ids.filtered("product_id.is_care_plan")
            price = min((_get_net_price(sale) for sale in sold), default=0)
            if not sold or (whole and _get_net_price(line) < price):
                continue
            own = plans.search(
                [
                    ("origin_model", "=", "sale.order"),
                    ("origin_line_id", "in", sold.ids),
                    ("state", "in", ("waiting", "active")),
                ]
            )
            plans |= own._sort_returned()[: int(line.quantity)]
        return plans

    def _end_care_of_items(self):
        """End the plans of items that were given back whole."""
        # sudo: whoever books the credit note need not see orders and care plans.
        move = self.sudo()
        plans = move.env["loyalty.care.plan"]
        items = move.invoice_line_ids.sale_line_ids
        covered = plans._search_covering(items).mapped("item_line_id")
        for item in items.filtered(lambda line: line.id in covered):
            plans._end_orphans(item, item._get_sold_item())
