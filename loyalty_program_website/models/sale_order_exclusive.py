from odoo import models
from odoo.exceptions import ValidationError

#: A payment in one of these states is under way or through.
STARTED_STATES = ("pending", "authorized", "done")


class SaleOrder(models.Model):
    """A cart takes what its customer may buy, and says so before the payment."""

    _inherit = "sale.order"

    def _get_exclusive_customer(self):
        """Override of ``loyalty_program``: a visitor's cart belongs to nobody yet."""
        # sudo: the account of the visitors is the website's own.
        guest = self.website_id.sudo().user_id.partner_id
        return super()._get_exclusive_customer() - guest

    def _verify_updated_quantity(
        self, order_line, product_id, new_qty, uom_id, **kwargs
    ):
        product = self.env["product.product"].browse(product_id).product_tmpl_id
        allowed = self.sells_exclusive_anyway or new_qty <= 0
        if not allowed and not product._is_for(self._get_exclusive_customer()):
            return 0, product._explain_audience()
        return super()._verify_updated_quantity(
            order_line, product_id, new_qty, uom_id, **kwargs
        )

    def _is_cart_ready(self):
        return super()._is_cart_ready() and not self._is_refused()

    def _check_cart_is_ready_to_be_paid(self):
        """Override of ``website_sale``: a tier may be lost since the cart was filled.

        :raise ValidationError: with the reasons, before any money moves
        """
        if self._is_refused():
            raise ValidationError("\n".join(self._get_exclusive_reasons()))
        return super()._check_cart_is_ready_to_be_paid()

    def _get_exclusive_payment_errors(self):
        """Return what keeps the order from being paid, as (title, message).

        Nothing is said once a payment is under way: the customer would read that it
        failed.
        """
        self.ensure_one()
        # sudo: customers do not read transactions.
        states = self.sudo().transaction_ids.mapped("state")
        if any(state in STARTED_STATES for state in states) or not self._is_refused():
            return []
        title = self.env._("Something in your cart is not for you.")
        return [(title, "\n".join(self._get_exclusive_reasons()))]
