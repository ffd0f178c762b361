from fractions import Fraction

from odoo import models

from odoo.addons.loyalty_program.engine.proration import CENT
from odoo.addons.loyalty_program.engine.rounding import to_decimal


class SaleOrderLine(models.Model):
    """Sales orders that a till settles: what is refunded there comes back here."""

    _inherit = "sale.order.line"

    def _get_loyalty_movements(self, scope, in_units):
        flows = super()._get_loyalty_movements(scope, in_units)
        if "pos_order_line_ids" not in self._fields:
            return flows
        # sudo: whoever changes a sales order need not be allowed to read the till's.
        sold = self.sudo().pos_order_line_ids
        lines = (sold | sold.refund_orderline_ids).filtered(
            lambda line: line.order_id.state not in ("draft", "cancel")
        )
        return flows + [
            self._get_till_movement(line, scope, in_units) for line in lines
        ]

    def _is_delivery_over(self):
        """Override: what a till sold and took back, its own lines tell."""
        # sudo: see _get_loyalty_movements.
        if "pos_order_line_ids" in self._fields and self.sudo().pos_order_line_ids:
            return False
        return super()._is_delivery_over()

    def _get_till_movement(self, till_line, scope, in_units):
        """Return the part of this line that a till's line stands for, signed."""
        uom = till_line.product_id.uom_id
        units = Fraction(
            to_decimal(
                uom._compute_quantity(till_line.qty, self.product_uom_id, round=False)
            )
        )
        if in_units or not self.product_uom_qty:
            return units
        total = self.order_id._to_program_currency(
            till_line._get_loyalty_money(), scope.program
        )
        own = Fraction(to_decimal(self.product_uom_qty))
        by_units = units / own * self._get_loyalty_amount(scope, in_units)
        # The same price but for its rounding: the units are exact.
        return by_units if abs(by_units - Fraction(total)) <= CENT else Fraction(total)
