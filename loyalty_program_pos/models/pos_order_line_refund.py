from decimal import ROUND_UP, Decimal
from fractions import Fraction

from odoo import models

from odoo.addons.loyalty_program.engine.rounding import to_decimal
from odoo.addons.loyalty_program.engine.shares import to_text
from odoo.addons.loyalty_program.engine.values import ZERO


class PosOrderLine(models.Model):
    """What a line gives back, and what a reward's lines give away."""

    _inherit = "pos.order.line"

    def _get_returned_part(self, line):
        """Return which part of ``line`` this refund brings back.

        By its units where the price is the same, so that thirds come out even; by its
        money where it is not, and for combos, whose items have the prices.
        """
        self.ensure_one()
        total = Fraction(
            line._get_loyalty_amount((line | line.combo_line_ids)._get_loyalty_money())
        )
        same = self.price_unit == line.price_unit and self.discount == line.discount
        if line.combo_line_ids and total:
            # The line itself comes back beside its items, which have the price.
            same = False
        if same and line.qty and self.refunded_orderline_id == line:
            part = Fraction(to_decimal(self.qty)) / Fraction(to_decimal(line.qty))
            return -part
        return (
            -Fraction(self._get_loyalty_amount(self._get_loyalty_money())) / total
            if total
            else 0
        )

    # === Rewards ===

    def _get_loyalty_goods(self):
        """Return the lines of a reward as a later return shall find them."""
        return [
            {
                "ref": line.id,
                "product_id": line.product_id.id,
                "quantity": to_text(to_decimal(line.qty)),
                "total": to_text(line._get_loyalty_amount(line._get_loyalty_money())),
            }
            for line in self
        ]

    def _get_excess(self):
        """Return the money that these lines of one claim give beyond their reward."""
        given = -self._get_loyalty_amount(self._get_loyalty_money())
        limit = self.reward_id._get_claim_limit(self)
        # Each line is rounded on its own.
        tolerance = to_decimal(self.currency_id.rounding) * len(self)
        if limit is None or given <= limit + tolerance:
            return ZERO
        return given - limit

    def _get_excess_cost(self):
        """Return the points that the excess costs at the programme's point value."""
        program = self.reward_id.program_id
        value = to_decimal(program.point_value)
        if not value:
            return ZERO
        step = Decimal(1).scaleb(-program.points_scale)
        excess = self.order_id._to_program_currency(self._get_excess(), program)
        return (excess / value).quantize(step, rounding=ROUND_UP)
