from odoo import models


class PaymentTransaction(models.Model):
    """The moment at which an order that was paid by the provider is paid."""

    _inherit = "payment.transaction"

    def _post_process(self):
        result = super()._post_process()
        done = self.filtered(lambda tx: tx.state == "done")
        done.sale_order_ids._post_late_loyalty("payment")
        return result
