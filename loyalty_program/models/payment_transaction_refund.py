from odoo import fields, models


class PaymentTransaction(models.Model):
    """Money that is paid back online, which nobody has credited: somebody is told.

    What was paid back says nothing of goods. Their points follow a credit note, or an
    order that holds less.
    """

    _inherit = "payment.transaction"

    def _post_process(self):
        result = super()._post_process()
        refunds = self.filtered(lambda tx: tx.state == "done" and tx.amount < 0)
        # sudo: which order was paid is a fact, whoever pays back.
        orders = refunds.source_transaction_id.sudo().sale_order_ids
        orders._ask_for_credit()
        return result


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _ask_for_credit(self):
        """Let the seller decide about points of what was paid back and not credited."""
        for order in self.filtered(lambda own: own.state == "sale"):
            if not order._get_loyalty_entries() or not order._is_uncredited():
                continue
            money = order.currency_id.format(order._get_paid_back())
            order.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=fields.Date.context_today(order),
                summary=self.env._("Money was paid back: are there points to take?"),
                note=self.env._(
                    "%(money)s of this order were paid back online, and no credit note "
                    "stands for that: no points were taken back. If goods came back, "
                    "credit them or take them off the order.",
                    money=money,
                ),
                user_id=(order.user_id or self.env.user).id,
            )

    def _get_paid_back(self):
        """Return the money that was paid back online, above zero."""
        refunds = self.transaction_ids.child_transaction_ids.filtered(
            lambda tx: tx.state == "done" and tx.amount < 0
        )
        return -sum(refunds.mapped("amount"))

    def _is_uncredited(self):
        """Tell whether more was paid back online than was credited."""
        notes = self.invoice_ids.filtered(
            lambda move: move.move_type == "out_refund" and move.state == "posted"
        )
        credited = sum(notes.mapped("amount_total"))
        return self.currency_id.compare_amounts(self._get_paid_back(), credited) > 0
