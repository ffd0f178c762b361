from odoo import models


class AccountMove(models.Model):
    """The moment at which an invoiced order is paid."""

    _inherit = "account.move"

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        # sudo: whoever books the payment need not see the orders.
        orders = self.sudo().invoice_line_ids.sale_line_ids.order_id
        orders._post_late_loyalty("payment")
        return result
