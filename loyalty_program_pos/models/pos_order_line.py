from math import copysign

from odoo import api, fields, models

from odoo.addons.loyalty_program.engine.rounding import to_decimal
from odoo.addons.loyalty_program.engine.values import BasketLine

#: Lines that belong to a document which earned its points elsewhere.
ORIGIN_FIELDS = ("sale_order_origin_id", "settled_order_id", "settled_invoice_id")


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    loyalty_reward_product_id = fields.Many2one(
        comodel_name="product.product",
        string="Product given away",
        help="Which product the reward gives, as the till says it.",
        index="btree_not_null",
    )

    @api.model
    def _load_pos_data_fields(self, config):
        # A till sends, and keeps over a reload, only the fields that it loads.
        return super()._load_pos_data_fields(config) + ["loyalty_reward_product_id"]

    def _counts_for_loyalty(self):
        """Tell whether the line is part of what the customer buys in this order."""
        self.ensure_one()
        tip = self.order_id.config_id.tip_product_id
        return not (
            self.combo_parent_id
            or self.refunded_orderline_id
            or (tip and self.product_id == tip)
            or (self.reward_id and self.reward_id.program_id.is_payment_program)
            or self._is_settled_here()
        )

    def _is_settled_here(self):
        """Tell whether the line is of a document that was made elsewhere."""
        self.ensure_one()
        return any(name in self._fields and self[name] for name in ORIGIN_FIELDS)

    def _get_loyalty_basket_line(self):
        """Return the line as the engine sees it.

        A combo is priced by its items. A product given away takes itself off again,
        so that neither its price nor its unit earns points.
        """
        self.ensure_one()
        priced = self | self.combo_line_ids
        product, quantity = self.product_id, self.qty
        free_product = self._get_free_product()
        if free_product:
            product, quantity = free_product, -self.qty
        total = priced._get_loyalty_money()
        return BasketLine(
            product_id=product.id,
            quantity=to_decimal(quantity),
            total=self._get_loyalty_amount(total),
            untaxed=self._get_loyalty_amount(
                priced._get_loyalty_money("price_subtotal")
            ),
            is_discount=not free_product and (self.is_reward_line or total < 0),
            is_gift=bool(free_product),
            ref=self.id,
        )

    def _get_free_product(self):
        """Return the product that a reward line gives away, where that is certain.

        What the till says is believed only where the reward may give that product and
        the order holds it.
        """
        if self.reward_id.reward_type != "product":
            return self.env["product.product"]
        bought = self.order_id.lines.filtered(lambda line: not line.is_reward_line)
        products = self.reward_id.reward_product_ids & bought.product_id
        if self.loyalty_reward_product_id in products:
            return self.loyalty_reward_product_id
        return products if len(products) == 1 else self.env["product.product"]

    def _get_loyalty_money(self, name="price_subtotal_incl"):
        """Return the money of the lines, below zero for what goes back or off.

        The till turns the signs of all lines of a refund, the back office does not.
        """
        money = 0.0
        for line in self:
            amount = line[name]
            if line.order_id.is_refund:
                amount = copysign(amount, line.qty * line.price_unit)
            money += amount
        return money

    def _get_loyalty_amount(self, amount):
        return to_decimal(self.currency_id.round(amount))
