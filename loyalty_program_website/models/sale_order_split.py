from odoo import models

#: Cards that one cart may buy, unless the system parameter says otherwise.
MOST_CARDS = 100
PARAMETER = "loyalty_program_website.max_cards_per_cart"


class SaleOrder(models.Model):
    """A cart makes a card for each gift card in it: not for twenty thousand."""

    _inherit = "sale.order"

    def _verify_updated_quantity(self, order_line, product_id, new_qty, uom_id, **kw):
        quantity, warning = super()._verify_updated_quantity(
            order_line, product_id, new_qty, uom_id, **kw
        )
        product = self.env["product.product"].browse(product_id)
        if quantity <= 1 or not self._makes_cards(product):
            return quantity, warning
        others = self.order_line.filtered(
            lambda line: line != order_line and self._makes_cards(line.product_id)
        )
        left = self._get_most_cards() - sum(others.mapped("product_uom_qty"))
        if quantity <= left:
            return quantity, warning
        return max(left, 0), self.env._(
            "One order can hold %(count)s gift cards at most. "
            "Please ask us about larger numbers.",
            count=self._get_most_cards(),
        )

    def _makes_cards(self, product):
        """Tell whether every single unit of the product makes a card of its own."""
        # sudo: the rules decide how much a visitor may order; none is shown.
        rules = (
            self.env["loyalty.rule"]
            .sudo()
            .search(
                [
                    ("reward_point_split", "=", True),
                    ("reward_point_mode", "!=", "order"),
                    ("program_id.applies_on", "=", "future"),
                ]
            )
        )
        return any(
            product.filtered_domain(rule._get_valid_product_domain()) for rule in rules
        )

    def _get_most_cards(self):
        # sudo: a setting of the shop, harmless to any visitor.
        parameters = self.env["ir.config_parameter"].sudo()
        value = parameters.get_param(PARAMETER, "")
        return int(value) if value.isdecimal() else MOST_CARDS
