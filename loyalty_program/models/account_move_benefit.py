from decimal import ROUND_UP, Decimal

from odoo import models
from odoo.fields import Command

from ..engine.rounding import to_decimal

#: The part of a discount's line that goes back, as units are written.
UNIT = Decimal("0.01")


class AccountMove(models.Model):
    """Goods are credited for what was paid for them: a tier's percentage goes along.

    It is a line of its own on the invoice. Who credits the goods line by line, and
    leaves that line out, would give back more than was paid.
    """

    _inherit = "account.move"

    def _post(self, soft=True):
        if self.env["loyalty.program"]._get_tier_discount_ids():
            for move in self.filtered(lambda move: move.move_type == "out_refund"):
                if not (soft and move._is_for_later()):
                    # sudo: an accountant need not be allowed to read the sales order.
                    move.sudo()._take_discounts_back()
        return super()._post(soft)

    def _take_discounts_back(self):
        """Add what is missing of the discounts of the goods on this credit note."""
        self.ensure_one()
        goods = self.invoice_line_ids.filtered(lambda line: line.price_subtotal > 0)
        discounts = goods.sale_line_ids.order_id._get_benefit_lines()
        values = [
            self._prepare_discount_back(line, price)
            for line in discounts
            if (price := line._get_price_to_take_back(self)) < 0
        ]
        if values:
            self.invoice_line_ids = [Command.create(vals) for vals in values]

    def _prepare_discount_back(self, line, price):
        """Return the values of a line that takes so much of a discount back."""
        part = to_decimal(price) / to_decimal(line.price_unit)
        quantity = max(part.quantize(UNIT, rounding=ROUND_UP), UNIT)
        return {
            "product_id": line.product_id.id,
            "name": line.name,
            "quantity": float(quantity),
            "price_unit": price / float(quantity),
            "tax_ids": [Command.set(line.tax_ids.ids)],
            "sale_line_ids": [Command.link(line.id)],
        }


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_price_to_take_back(self, note):
        """Return how much of this discount is still to be taken off a credit note.

        Below zero, as the discount's own price; zero where it is taken off already, or
        where the goods are credited at prices of somebody's own.

        :param note: the credit note, which is not posted yet
        """
        goods = self.order_id.order_line.filtered(
            lambda line: not line.reward_id and line.price_subtotal > 0
        )
        alike = goods.filtered(lambda line: line.tax_ids == self.tax_ids) or goods
        total = sum(alike.mapped("price_subtotal"))
        if not total:
            return 0.0
        credited = sum(
            line.price_subtotal * line._get_credited_part(note) for line in alike
        )
        whole = self.currency_id.round(self.price_unit * credited / total)
        taken = sum(
            line.quantity * line.price_unit for line in self._get_credit_lines(note)
        )
        return self.currency_id.round(min(whole - taken, 0.0))

    def _get_credited_part(self, note):
        """Return which part of a line's goods came back at the price of the order."""
        lines = self._get_credit_lines(note).filtered(
            lambda line: (
                line.price_unit == self.price_unit and line.discount == self.discount
            )
        )
        units = sum(
            line.product_uom_id._compute_quantity(
                line.quantity, self.product_uom_id, round=False
            )
            for line in lines
        )
        return min(units / self.product_uom_qty, 1.0) if self.product_uom_qty else 0.0

    def _get_credit_lines(self, note):
        return self.invoice_lines.filtered(
            lambda line: (
                line.move_id.move_type == "out_refund"
                and (line.parent_state == "posted" or line.move_id == note)
            )
        )
