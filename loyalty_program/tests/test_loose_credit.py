from odoo.fields import Command
from odoo.tests import tagged

from .credit_note_common import CreditNoteCase


@tagged("post_install", "-at_install")
class TestLooseCredit(CreditNoteCase):
    """Credit notes whose lines name no line of an order."""

    def _credit_loosely(self, order, price, invoice=True):
        """Credit an amount on a line of its own; made from the invoice, or by hand."""
        line = {
            "product_id": self.product.id,
            "name": "Scratched",
            "price_unit": price,
            "tax_ids": [Command.clear()],
        }
        if invoice:
            note = self._credit(order, {}, post=False).sudo()
            note.invoice_line_ids = [Command.create(line)]
        else:
            note = self.env["account.move"].create(
                {
                    "move_type": "out_refund",
                    "partner_id": order.partner_id.id,
                    "invoice_line_ids": [Command.create(line)],
                }
            )
        note = note.with_user(self.accountant)
        note.action_post()
        return note

    def test_a_reduction_on_a_line_of_its_own_takes_its_part(self):
        order = self._buy_and_invoice()
        note = self._credit_loosely(order, 30)
        self.assertFalse(note.sudo().invoice_line_ids.sale_line_ids)
        self.assertEqual(self._story(note), [("earn_reversal", -30)])
        self.assertEqual(self.card.points, 70)
        note.button_draft()
        self.assertEqual(self.card.points, 100)
        note.action_post()
        note.button_draft()
        note.button_cancel()
        self.assertEqual(self.card.points, 100)
        self.assert_balanced()

    def test_a_reduction_and_returns_sum_to_the_whole(self):
        order = self._buy_and_invoice()
        self._credit_loosely(order, 30)
        self._credit(order, {0: 3})
        # Two of 20 are left, and the reduction of 30.
        self.assertEqual(self.card.points, 10)
        self._credit(order, {0: 2})
        self.assertEqual(self.card.points, 0)
        self.assertEqual(sum(self._entries().mapped("base_amount")), 0)
        self.assert_balanced()

    def test_the_whole_invoice_credited_in_one_sum_takes_all(self):
        order = self._buy_and_invoice()
        self._credit_loosely(order, 100)
        self.assertEqual(self.card.points, 0)
        self.assert_balanced()

    def test_an_invoice_of_two_orders_shares_a_reduction(self):
        line = {"product_id": self.single.id, "product_uom_qty": 5}
        orders = self._buy(line) | self._buy({**line, "product_uom_qty": 15})
        invoice = orders.sudo()._create_invoices()
        invoice.with_user(self.accountant).action_post()
        self.assertEqual(len(invoice), 1)
        self._credit_loosely(orders[0], 40)
        self.assertEqual(self.card.points, 360)
        self.assert_balanced()

    def test_the_policy_of_debts_holds_for_it(self):
        self.program.write({"debt_policy": "value", "point_value": 0.05})
        order = self._buy_and_invoice()
        self._post(-80, "redeem")
        note = self._credit_loosely(order, 60)
        # 40 of the 60 points are missing.
        self.assertEqual((note.amount_total, self.card.points), (58, 0))
        self.assert_balanced()

    def test_an_order_confirmed_again_knows_nothing_of_it(self):
        order = self._buy_and_invoice()
        self._credit_loosely(order, 30)
        order._action_cancel()
        self.assertEqual(self.card.points, 0)
        order.action_draft()
        order.action_confirm()
        order._sync_loyalty()
        self.assertEqual(self.card.points, 100)

    def test_a_credit_note_that_names_nothing_says_so(self):
        order = self._buy_and_invoice()
        note = self._credit_loosely(order, 30, invoice=False)
        self.assertEqual(self.card.points, 100)
        self.assertIn(
            "no points of Mira Member were taken back", note.sudo().message_ids[0].body
        )

    def test_a_stranger_is_told_nothing(self):
        order = self._make_order(self._make_partner())
        note = self._credit_loosely(order, 30, invoice=False)
        self.assertNotIn("points", "".join(note.sudo().message_ids.mapped("body")))
