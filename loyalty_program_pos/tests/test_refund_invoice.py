from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestRefundInvoice(TillCase):
    """Sales and refunds of tills that are invoiced as well."""

    def _invoice(self, order):
        """Invoice an order as its customer asked for; return the invoice."""
        return order.with_context(generate_pdf=False)._generate_pos_order_invoice()

    def _notes(self, move):
        return " ".join(move.message_ids.mapped("body"))

    def test_the_credit_note_of_a_refund_tells_of_no_points_left(self):
        order = self._sell(self.member, self._line(self.record))
        self._invoice(order)
        refund = self._refund(order, 1)
        note = self._invoice(refund)
        self.assertEqual(note.move_type, "out_refund")
        self.assertEqual(self.card.points, 0)
        self.assertNotIn("no points", self._notes(note))

    def test_a_credit_note_of_a_tills_invoice_tells_where_points_go_back(self):
        order = self._sell(self.member, self._line(self.record))
        note = self._invoice(order)._reverse_moves()
        note.action_post()
        self.assertEqual(self.card.points, 30)
        self.assertIn("refund the sale at a till", self._notes(note))
