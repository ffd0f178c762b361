from odoo.tests import tagged

from .credit_note_common import CreditNoteCase


@tagged("post_install", "-at_install")
class TestReturnPayment(CreditNoteCase):
    """What an order earned by being paid stays as long as the money stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=cls.company, install_demo=False
        )
        cls.program.earn_moment = "payment"

    def _pay(self, invoice):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        action = wizard.create({}).action_create_payments()
        self.env.cr.flush()
        return self.env["account.payment"].browse(action["res_id"])

    def _bounce(self, payment):
        """Take a payment off its invoice, as the button on the invoice does."""
        payment.move_id.line_ids.remove_move_reconcile()
        self.env.cr.flush()

    def _buy_and_pay(self, quantity=5):
        order = self._buy({"product_id": self.single.id, "product_uom_qty": quantity})
        return order, self._pay(self._invoice(order).sudo())

    def test_a_payment_that_bounced_takes_the_points_along(self):
        order, payment = self._buy_and_pay()
        self.assertEqual(self.card.points, 100)
        self._bounce(payment)
        self.assertEqual(self.card.points, 0)
        self.assertEqual(sum(self._entries().mapped("base_amount")), 0)
        invoice = order.sudo().invoice_ids
        self._pay(invoice)
        self.assertEqual(self.card.points, 100)
        self.assertEqual(self._entries()[-1].breakdown["cause"], "restore")
        self.assert_balanced()

    def test_what_the_programme_says_later_saves_no_bounced_payment(self):
        _order, payment = self._buy_and_pay()
        self.program.earn_moment = "confirmation"
        self._bounce(payment)
        self.assertEqual(self.card.points, 0)
        self.assert_balanced()

    def test_a_payment_that_bounced_is_no_reason_to_refuse(self):
        self.program.debt_policy = "refuse"
        _order, payment = self._buy_and_pay()
        self._post(-100, "redeem")
        self._bounce(payment)
        self.assertEqual(self.card.points, -100)

    def test_an_invoice_reset_to_draft_is_not_paid(self):
        order, _payment = self._buy_and_pay()
        order.sudo().invoice_ids.button_draft()
        self.env.cr.flush()
        self.assertEqual(self.card.points, 0)
        self.assert_balanced()

    def test_what_was_credited_goes_once(self):
        order, payment = self._buy_and_pay()
        self._credit(order, {0: 2})
        self.assertEqual(self.card.points, 60)
        self._bounce(payment)
        self.assertEqual(self.card.points, 0)
        self.assert_balanced()

    def test_an_order_that_grows_keeps_what_was_paid(self):
        order, _payment = self._buy_and_pay()
        order.order_line.product_uom_qty = 7
        self.assertEqual(self.card.points, 100)
        second = order.sudo()._create_invoices()
        second.action_post()
        self.env.cr.flush()
        self.assertEqual(self.card.points, 100)
        self._pay(second)
        self.assertEqual(self.card.points, 140)
        self.assert_balanced()

    def test_an_invoice_that_replaces_another_earns_when_it_is_paid(self):
        order, _payment = self._buy_and_pay()
        self._credit(order)
        self.assertEqual(self.card.points, 0)
        replacement = order.sudo()._create_invoices()
        replacement.action_post()
        self.env.cr.flush()
        self.assertEqual(self.card.points, 0)
        self._pay(replacement)
        self.assertEqual(self.card.points, 100)
        self.assert_balanced()

    def test_invoices_of_a_batch_that_earned_nothing_cost_one_look(self):
        def count(number):
            orders = self.env["sale.order"].union(
                *(
                    self._buy({"product_id": self.single.id})
                    for _number in range(number)
                )
            )
            invoices = orders.sudo()._create_invoices(grouped=True)
            self.assertEqual(len(invoices), number)
            return self._count_queries(
                lambda: invoices._sync_loyalty(refuse_debt=False)
            )

        self.assertLessEqual(count(5), count(1) + 1)
