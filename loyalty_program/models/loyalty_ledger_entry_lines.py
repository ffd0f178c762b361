from decimal import Decimal
from fractions import Fraction

from odoo import api, fields, models


class LoyaltyLedgerEntry(models.Model):
    """Which line of the document gave which of the points."""

    _inherit = "loyalty.ledger.entry"

    lines_text = fields.Text(
        string="Line by line",
        help="The goods of the document, with the exact points and the money of each "
        "before the sum was rounded.",
        compute="_compute_lines_text",
    )

    @api.depends("breakdown")
    @api.depends_context("lang")
    def _compute_lines_text(self):
        goods = {
            good["ref"]: good
            for entry in self
            for good in (entry.breakdown or {}).get("goods", ())
            if "ref" in good
        }
        ids = {good["product_id"] for good in goods.values() if good["product_id"]}
        # sudo: the names of what was bought explain the entry to whoever may read it.
        products = self.env["product.product"].sudo().browse(sorted(ids)).exists()
        names = {product.id: product.display_name for product in products}
        for entry in self:
            lines = (entry.breakdown or {}).get("lines", ())
            entry.lines_text = "\n".join(
                entry._explain_line(line, goods.get(line["ref"], {}), names)
                for line in lines
            )

    def _explain_line(self, line, good, names):
        """Return the sentence of one line that earned.

        :param dict line: its exact share, of the breakdown
        :param dict good: the line in the snapshot of the goods, or nothing
        :param dict names: {product id: name}
        """
        return self.env._(
            "%(quantity)s × %(product)s for %(money)s: %(points)s",
            quantity=self._format_number(round(Fraction(good.get("quantity", "1")), 2)),
            product=names.get(good.get("product_id")) or self.env._("Goods"),
            money=self._format_money(line["base"]),
            points=self._format_number(round(Decimal(line["points"]), 4)),
        )
