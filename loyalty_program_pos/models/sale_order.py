from odoo import models


class SaleOrder(models.Model):
    """A quotation that was paid at a till is confirmed, whatever it holds."""

    _inherit = "sale.order"

    def _sync_delivered(self):
        """Override: where a till settled the order, its refunds tell what came back."""
        orders = self
        if "pos_order_line_ids" in self.order_line._fields:
            # sudo: who delivers need not see the orders of tills.
            orders = self.filtered(lambda o: not o.sudo().order_line.pos_order_line_ids)
        return super(SaleOrder, orders)._sync_delivered()

    def _is_paid_for(self):
        """Override of ``loyalty_program``: tills take money as well."""
        if super()._is_paid_for():
            return True
        # Only where ``pos_sale`` is installed, a till settles quotations.
        if "pos_order_line_ids" not in self.order_line._fields:
            return False
        # sudo: salespeople do not read the orders of tills.
        orders = self.sudo().order_line.pos_order_line_ids.order_id
        return any(order.state not in ("draft", "cancel") for order in orders)
