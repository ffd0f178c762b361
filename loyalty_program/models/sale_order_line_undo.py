from fractions import Fraction

from odoo import api, models

from ..engine import proration
from ..engine.rounding import to_decimal
from ..engine.shares import to_text
from ..engine.values import ZERO

#: What changes the worth of a line, or the points that it takes.
WORTH_FIELDS = {
    "coupon_id",
    "discount",
    "points_cost",
    "price_unit",
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "tax_ids",
}


class SaleOrderLine(models.Model):
    """Lines of confirmed orders: what they are worth now, and what came back."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        ids = {vals.get("order_id") for vals in vals_list}
        with self.env["sale.order"].browse(filter(None, ids))._follow_loyalty():
            return super().create(vals_list)

    def write(self, vals):
        if WORTH_FIELDS.isdisjoint(vals):
            return super().write(vals)
        with self.order_id._follow_loyalty():
            return super().write(vals)

    def unlink(self):
        with self.order_id._follow_loyalty():
            return super().unlink()

    # === Rewards ===

    def _get_points_cost(self):
        return sum((to_decimal(line.points_cost) for line in self), ZERO)

    def _get_reward_goods(self):
        """Return the lines of a reward as a later return shall find them."""
        return [
            {
                "ref": line.id,
                "product_id": line.product_id.id,
                "quantity": to_text(to_decimal(line.product_uom_qty)),
                "total": to_text(to_decimal(round(line.price_total, 6))),
            }
            for line in self
        ]

    # === What came and what went ===

    def _get_loyalty_amounts(self, good, scope):
        """Return (ordered, invoiced, credited) of a line, as the snapshot measures it.

        :param dict good: the line in the snapshot; what was sold for nothing counts in
            units, all else in the programme's currency
        """
        in_units = not Fraction(good["total"])
        sign = -1 if Fraction(good["quantity" if in_units else "total"]) < 0 else 1
        return self._get_loyalty_flows(scope, in_units, sign)

    def _get_loyalty_flows(self, scope, in_units=False, sign=1):
        """Return the sums of (ordered, invoiced, credited) of the lines.

        :param int sign: -1 for lines that are deductions, so that the sums are positive
        """
        ordered, ins, outs = Fraction(0), Fraction(0), Fraction(0)
        for line in self:
            for priced in line._get_lines_with_price():
                amount = priced._get_loyalty_amount(scope, in_units)
                ordered += sign * amount
                for flow in priced._get_loyalty_movements(scope, in_units):
                    ins += max(sign * flow, 0)
                    outs += max(-sign * flow, 0)
        return ordered, ins, outs

    def _get_loyalty_amount(self, scope, in_units):
        if in_units:
            return Fraction(to_decimal(self.product_uom_qty))
        return Fraction(
            self.order_id._to_program_currency(self.price_total, scope.program)
        )

    def _get_loyalty_movements(self, scope, in_units):
        """Return what was invoiced, above zero, and credited, below, of this line.

        Override to: add what other documents bring back.

        :return: list of fractions, one a document's line
        """
        self.ensure_one()
        lines = self.invoice_lines.filtered(
            lambda line: (
                (line.parent_state == "posted" or line.move_id in scope.moves)
                and line.move_id.id not in scope.settled
            )
        )
        return [
            self._get_loyalty_movement(line, scope, in_units)
            * -line.move_id.direction_sign
            for line in lines
        ]

    def _get_loyalty_movement(self, move_line, scope, in_units):
        """Return the part of this line that an invoice line stands for.

        By its units where the price is the order's, so that thirds come out even; by
        its money where somebody changed the price.
        """
        units = move_line.product_uom_id._compute_quantity(
            move_line.quantity, self.product_uom_id, round=False
        )
        units = Fraction(to_decimal(units))
        same_price = (
            move_line.price_unit == self.price_unit
            and move_line.discount == self.discount
            and move_line.tax_ids == self.tax_ids
        )
        if in_units:
            return units
        if same_price and self.product_uom_qty:
            own = Fraction(to_decimal(self.product_uom_qty))
            return units / own * self._get_loyalty_amount(scope, in_units)
        total = move_line.currency_id._convert(
            move_line.price_total,
            self.currency_id,
            self.company_id,
            move_line.move_id._get_coming_date(),
        )
        return Fraction(self.order_id._to_program_currency(total, scope.program))

    def _get_kept_reward_share(self, good, scope):
        """Return which part of a reward's line is still taken.

        A discount that shrinks with the goods is taken all the same.

        :param self: the line, or none where it left the order
        """
        units = Fraction(good["quantity"])
        if not self or not units:
            return Fraction(0)
        counted = Fraction(to_decimal(self.product_uom_qty)) / units
        ordered, ins, outs = self._get_loyalty_amounts(good, scope)
        if ordered <= 0:
            return min(counted, Fraction(1))
        left = proration.kept_amount(ordered, ordered, ins, outs) / ordered
        return min(left, counted)
