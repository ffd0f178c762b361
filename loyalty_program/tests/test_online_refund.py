from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .credit_note_common import CreditNoteCase


@tagged("post_install", "-at_install")
class TestOnlineRefund(CreditNoteCase):
    """Money that is paid back online and not credited: the seller is asked."""

    def setUp(self):
        super().setUp()
        self.provider = self.env["payment.provider"].create(
            {"name": "Test", "code": "none", "state": "test"}
        )
        self.order = self._buy_and_invoice()
        self.paid = self._make_transaction(self.order.amount_total)

    def _make_transaction(self, amount, **values):
        order = self.order.sudo()
        return self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
                "amount": amount,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "reference": f"test-{order.id}-{amount}",
                "sale_order_ids": [Command.set(order.ids)],
                **values,
            }
        )

    def _pay_back(self, amount):
        refund = self._make_transaction(
            -amount,
            operation="refund",
            source_transaction_id=self.paid.id,
            sale_order_ids=False,
        )
        # Below the model: no provider is asked here.
        (self.paid | refund)._write({"state": "done"})
        (self.paid | refund).invalidate_recordset()
        # Nor is where the books write the money down.
        with patch.object(self.registry["payment.transaction"], "_create_payment"):
            refund._post_process()

    def _asked(self):
        return self.order.sudo().activity_ids

    def test_the_seller_is_asked_about_what_nobody_credited(self):
        self._pay_back(40)
        asked = self._asked()
        self.assertEqual(asked.user_id, self.salesperson)
        self.assertIn("40", asked.note)
        self.assertIn("no points were taken back", asked.note)
        self.assertEqual(self.card.points, 100)

    def test_nobody_is_asked_about_what_was_credited(self):
        self._credit(self.order, {0: 2})
        self._pay_back(40)
        self.assertFalse(self._asked())
        self._pay_back(20)
        self.assertIn("60", self._asked().note)

    def test_nobody_is_asked_about_orders_without_points(self):
        self.order._action_cancel()
        self._pay_back(40)
        self.assertFalse(self._asked())
