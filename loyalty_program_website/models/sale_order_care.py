from odoo import models
from odoo.exceptions import ValidationError

from .sale_order_exclusive import STARTED_STATES


class SaleOrder(models.Model):
    """A care plan in the cart says what it covers, before any money moves."""

    _inherit = "sale.order"

    def _find_care_item(self, product_id, item_id):
        """Return the own item that a browser named, an empty record for any other.

        Nothing is told of the sales of others: a made-up id is no item.
        """
        self.ensure_one()
        product = self.env["product.product"].browse(product_id)
        # sudo: customers do not read the lines of orders; these are their own.
        lines = self.env["sale.order.line"].sudo()
        if not product.is_care_plan or not item_id:
            return lines
        template = product.product_tmpl_id
        # sudo: the cart is the visitor's own.
        own = self.sudo().order_line.filtered(
            lambda line: template._is_care_for(line.product_id)
        )
        owner = self.partner_id.commercial_partner_id
        # sudo: the account of the visitors is the website's own.
        if owner != self.website_id.sudo().user_id.partner_id:
            own |= lines._search_care_items(template, owner, self.company_id)
        return own.filtered(lambda line: str(line.id) == str(item_id))

    def _cart_find_product_line(
        self,
        product_id,
        uom_id,
        linked_line_id=False,
        no_variant_attribute_value_ids=None,
        *,
        care_item_line_id=None,
        **kwargs,
    ):
        """Override of ``website_sale``: plans for two items are two lines."""
        lines = super()._cart_find_product_line(
            product_id,
            uom_id,
            linked_line_id=linked_line_id,
            no_variant_attribute_value_ids=no_variant_attribute_value_ids,
            **kwargs,
        )
        item = self._find_care_item(product_id, care_item_line_id)
        return lines.filtered(lambda line: line.care_item_line_id == item)

    def _prepare_order_line_values(
        self, product_id, quantity, uom_id, *, care_item_line_id=None, **kwargs
    ):
        values = super()._prepare_order_line_values(
            product_id, quantity, uom_id, **kwargs
        )
        if item := self._find_care_item(product_id, care_item_line_id):
            values["care_item_line_id"] = item.id
        return values

    def _is_cart_ready(self):
        return super()._is_cart_ready() and not self._get_care_refusals()

    def _check_cart_is_ready_to_be_paid(self):
        """Override of ``website_sale``: the last day may be over by now.

        :raise ValidationError: with the reasons, before any money moves
        """
        if refusals := self._get_care_refusals():
            raise ValidationError("\n".join(refusals))
        return super()._check_cart_is_ready_to_be_paid()

    def _get_care_payment_errors(self):
        """Return what keeps the order from being paid, as (title, message)."""
        self.ensure_one()
        # sudo: customers do not read transactions.
        states = self.sudo().transaction_ids.mapped("state")
        refusals = self._get_care_refusals()
        if not refusals or any(state in STARTED_STATES for state in states):
            return []
        title = self.env._("A care plan in your cart has no item.")
        return [(title, "\n".join(refusals))]


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_care_missing_words(self):
        """Override of ``loyalty_program``: say it to the customer."""
        if not self.order_id.website_id:
            return super()._get_care_missing_words()
        return self.env._(
            "Which item does “%(plan)s” cover? Put the item into the cart as well and "
            "choose it there. For an item that you bought before, take the plan from "
            "“Care plans” in your account.",
            plan=self.product_id.name,
        )

    def _get_care_choices(self):
        """Return the items of the cart among which the customer may choose."""
        self.ensure_one()
        here = self._get_care_items_here()
        return here if len(here) > 1 else self.browse()

    def _get_cart_care_words(self):
        """Return what a plan in the cart covers, as a sentence, or None."""
        self.ensure_one()
        # sudo: the item is on another order of the customer.
        item = self._get_care_item().sudo()
        if not self.is_care_plan or not item:
            return None
        if item.order_id == self.order_id:
            return self.env._("Covers: %(item)s", item=item.product_id.name)
        return self.env._(
            "Covers: %(item)s (%(order)s)",
            item=item.product_id.name,
            order=item.order_id.name,
        )
