from fractions import Fraction

from odoo import models

from .sale_order_earning import _get_delivered_part

#: Invoices whose money is missing, or has gone back.
UNPAID_STATES = ("not_paid", "partial")


class SaleOrderLine(models.Model):
    """What of a confirmed line the customer has, will get, and has paid for.

    An order may go on standing for more than there will ever be: goods came back
    before they were invoiced, a payment was taken back.
    """

    _inherit = "sale.order.line"

    def _get_standing_part(self, scope):
        """Return which part of the ordered line may have earned by now, 0 to 1."""
        self.ensure_one()
        part = self._get_coming_part()
        if self.order_id._get_earn_moment(scope.program) == "delivery":
            part *= min(self.order_id._get_delivered_parts(self).values())
        return part

    # === Delivered ===

    def _get_coming_part(self):
        """Return which part of the line the customer has or will get, 0 to 1.

        Goods that are invoiced as they are delivered: when no transfer is on its way
        any more, what did not arrive, or came back, is never paid for.
        """
        parts = [
            _get_delivered_part(line)
            for line in self._get_lines_with_price()
            if line._is_delivery_over()
        ]
        return min(parts, default=Fraction(1))

    def _is_delivery_over(self):
        """Tell whether goods invoiced by delivery have no open transfer left."""
        self.ensure_one()
        # Only where ``sale_stock`` is installed, transfers tell.
        if "move_ids" not in self._fields or self.qty_delivered_method != "stock_move":
            return False
        if self.product_id.invoice_policy != "delivery":
            return False
        # sudo: who changes an order, or an invoice, need not see the transfers.
        states = self.sudo().move_ids.mapped("state")
        return bool(states) and all(state in ("done", "cancel") for state in states)

    # === Paid ===

    def _limit_to_paid(self, kept, credited, good, scope):
        """Return how much of what was kept the shop has the money for.

        :param kept: money or units, as ``good`` measures them; ``credited`` likewise
        :param dict good: the line in the snapshot
        """
        late = self.order_id._get_earn_moment(scope.program) == "payment"
        if not late or self.order_id._is_paid_online():
            return kept
        paid = self._get_loyalty_paid(not Fraction(good["total"]), scope)
        return min(kept, max(paid - credited, Fraction(0)))

    def _get_loyalty_paid(self, in_units, scope):
        """Return how much of the line is on invoices whose money is there."""
        paid = sum(
            line._get_loyalty_movement(own, scope, in_units)
            for line in self._get_lines_with_price()
            for own in line.invoice_lines
            if own.move_id.move_type == "out_invoice"
            and own.parent_state == "posted"
            and own.move_id.payment_state not in UNPAID_STATES
            and own.move_id.id not in scope.settled
        )
        return abs(Fraction(paid))
