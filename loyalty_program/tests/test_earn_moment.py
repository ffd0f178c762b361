from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestEarnMoment(LoyaltyCase):
    """An order earns when the programme says: confirmed, paid or delivered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=cls.company, install_demo=False
        )
        cls.provider = cls.env["payment.provider"].create(
            {"name": "Test", "code": "none", "state": "test"}
        )

    # === Paid ===

    def _pay_online(self, order, amount=None, state="done"):
        order = order.sudo()
        tx = self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
                "amount": order.amount_total if amount is None else amount,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "reference": f"test-{order.id}-{len(order.transaction_ids)}",
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        # Below the model: which providers can authorise is not the question here.
        tx._write({"state": state})
        tx.invalidate_recordset()
        # Nor is where the books write the money down.
        with patch.object(self.registry["payment.transaction"], "_create_payment"):
            tx._post_process()

    def _invoice(self, order):
        invoices = order.sudo()._create_invoices()
        invoices.action_post()
        return invoices

    def _pay(self, invoices):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoices.ids
        )
        wizard.create({}).action_create_payments()

    def test_a_confirmed_order_waits_for_its_payment(self):
        self.program.earn_moment = "payment"
        order = self._buy(100)
        self.assertFalse(self._entries(order))
        self._pay_online(order)
        self.assertEqual(self._story(order), [("earn", 100)])
        self.assert_balanced()

    def test_an_order_that_was_paid_first_earns_when_it_is_confirmed(self):
        self.program.earn_moment = "payment"
        order = self._make_order(self.member, 100)
        self._pay_online(order)
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._story(order), [("earn", 100)])

    def test_a_part_of_the_payment_earns_nothing_yet(self):
        self.program.earn_moment = "payment"
        order = self._buy(100)
        self._pay_online(order, 60)
        self.assertFalse(self._entries(order))
        self._pay_online(order, 40)
        self.assertEqual(self._story(order), [("earn", 100)])

    def test_a_payment_that_is_only_authorised_earns_nothing(self):
        self.program.earn_moment = "payment"
        order = self._buy(100)
        self._pay_online(order, state="authorized")
        self.assertFalse(self._entries(order))

    def test_an_order_earns_when_its_invoice_is_paid(self):
        self.program.earn_moment = "payment"
        order = self._buy(100)
        invoice = self._invoice(order)
        self.assertFalse(self._entries(order))
        self._pay(invoice)
        self.assertEqual(self._story(order), [("earn", 100)])

    def test_an_order_with_two_invoices_earns_with_the_last_payment(self):
        self.program.earn_moment = "payment"
        self.product.invoice_policy = "delivery"
        order = self._buy({"price_unit": 50, "product_uom_qty": 2})
        order.sudo().order_line.qty_delivered = 1
        self._pay(self._invoice(order))
        self.assertFalse(self._entries(order))
        order.sudo().order_line.qty_delivered = 2
        self._pay(self._invoice(order))
        self.assertEqual(self._story(order), [("earn", 100)])

    def test_an_order_that_costs_nothing_is_paid(self):
        self.program.earn_moment = "payment"
        self.program.rule_ids.reward_point_mode = "order"
        order = self._buy(0)
        self.assertEqual(self._story(order), [("earn", 1)])

    def test_the_return_window_starts_with_the_payment(self):
        self.program.write({"earn_moment": "payment", "hold_days": 14})
        order = self._buy(100)
        self._pay_online(order)
        self.assertEqual(self.card.points_pending, 100)

    def test_a_second_payment_earns_nothing_more(self):
        self.program.earn_moment = "payment"
        order = self._buy(100)
        self._pay_online(order)
        self._pay_online(order)
        order.sudo()._post_late_loyalty("payment")
        self.assertEqual(self._story(order), [("earn", 100)])

    def test_points_that_are_not_earned_yet_cannot_be_spent_on_the_order(self):
        self.program.earn_moment = "payment"
        order = self._make_order(self.member, 500)
        order._update_programs_and_rewards()
        self.assertEqual(order._get_real_points_for_coupon(self.card), 0)

    def test_who_left_before_paying_earns_nothing(self):
        self.program.earn_moment = "payment"
        order = self._buy(100)
        self.card._leave()
        self._pay_online(order)
        self.assertFalse(self._entries(order))

    # === Delivered ===

    def _deliver(self, line, quantity):
        line.sudo().qty_delivered = quantity
        self.env.cr.flush()

    def test_an_order_earns_line_by_line_as_it_is_delivered(self):
        self.program.earn_moment = "delivery"
        order = self._buy({"price_unit": 25, "product_uom_qty": 4}, 7.5)
        self.assertFalse(self._entries(order))
        self._deliver(order.order_line[0], 1)
        self._deliver(order.order_line[1], 1)
        self._deliver(order.order_line[0], 4)
        self.assertEqual(self._story(order), [("earn", 25), ("earn", 7), ("earn", 75)])
        self.assertEqual(sum(self._entries(order).mapped("base_amount")), 107.5)
        self.assert_balanced()

    def test_parts_of_a_delivery_sum_to_the_whole_however_they_are_rounded(self):
        self.program.earn_moment = "delivery"
        order = self._buy({"price_unit": 3.33, "product_uom_qty": 3})
        for quantity in (1, 2, 3):
            self._deliver(order.order_line, quantity)
        self.assertEqual([points for _kind, points in self._story(order)], [3, 3, 3])
        self._deliver(order.order_line, 3)
        self.assertEqual(self.card.points, 9)

    def test_two_lines_of_one_delivery_are_one_entry(self):
        self.program.earn_moment = "delivery"
        order = self._buy(10, 20)
        for line in order.sudo().order_line:
            line.qty_delivered = 1
        self.env.cr.flush()
        self.assertEqual(self._story(order), [("earn", 30)])

    def test_more_than_was_ordered_earns_no_more(self):
        self.program.earn_moment = "delivery"
        order = self._buy(10)
        self._deliver(order.order_line, 5)
        self.assertEqual(self.card.points, 10)

    def test_a_rule_with_a_minimum_looks_at_the_whole_order(self):
        self.program.earn_moment = "delivery"
        self.program.rule_ids.minimum_amount = 100
        order = self._buy({"price_unit": 50, "product_uom_qty": 2})
        self._deliver(order.order_line, 1)
        self.assertEqual(self.card.points, 50)

    def test_the_lines_of_a_step_tell_what_was_delivered_in_it(self):
        self.program.earn_moment = "delivery"
        order = self._buy({"price_unit": 25, "product_uom_qty": 4})
        self._deliver(order.order_line, 1)
        self._deliver(order.order_line, 3)
        lines = [entry.breakdown["lines"] for entry in self._entries(order)]
        ref = order.order_line.id
        self.assertEqual(
            lines,
            [
                [{"ref": ref, "base": "25", "points": "25"}],
                [{"ref": ref, "base": "50", "points": "50"}],
            ],
        )
        self.assertIn("delivered now: 50", self._entries(order)[1].breakdown_text)

    def test_the_limit_of_the_order_holds_over_all_its_deliveries(self):
        self.program.write({"earn_moment": "delivery", "order_cap": 60})
        order = self._buy({"price_unit": 25, "product_uom_qty": 4})
        for quantity in (1, 2, 3, 4):
            self._deliver(order.order_line, quantity)
        self.assertEqual(self.card.points, 60)

    def test_an_order_that_was_cancelled_starts_again(self):
        self.program.earn_moment = "delivery"
        order = self._buy({"price_unit": 25, "product_uom_qty": 4})
        self._deliver(order.order_line, 1)
        order.sudo()._action_cancel()
        self.assertEqual(self.card.points, 0)
        order.sudo().action_draft()
        order.action_confirm()
        self._deliver(order.order_line, 2)
        self.assertEqual(self.card.points, 50)
        self.assert_balanced()

    # === The programme changes its mind ===

    def test_an_order_earns_when_it_was_said_at_its_confirmation(self):
        self.program.earn_moment = "delivery"
        order = self._buy({"price_unit": 50, "product_uom_qty": 2})
        self._deliver(order.order_line, 1)
        self.program.earn_moment = "confirmation"
        self._deliver(order.order_line, 2)
        self.assertEqual(self._story(order), [("earn", 50), ("earn", 50)])
        self.program.earn_moment = "payment"
        paid = self._buy(30)
        self.program.earn_moment = "delivery"
        self._deliver(paid.order_line, 1)
        self.assertFalse(self._entries(paid))
        self._pay_online(paid)
        self.assertEqual(self._story(paid), [("earn", 30)])

    def test_what_has_earned_is_not_counted_again_by_its_delivery(self):
        order = self._buy({"price_unit": 50, "product_uom_qty": 2})
        self.program.earn_moment = "delivery"
        for quantity in (1, 2):
            self._deliver(order.order_line, quantity)
        self.assertEqual(self._story(order), [("earn", 100)])
        self.assertEqual(self._entries(order).base_amount, 100)

    def test_an_order_that_grows_earns_as_it_was_said_at_its_confirmation(self):
        order = self._buy({"product_uom_qty": 2})
        self.program.earn_moment = "payment"
        order.order_line.product_uom_qty = 3
        self.assertEqual(self.card.points, 300)

    def test_nobody_loses_what_was_earned_when_a_programme_changes_its_mind(self):
        order = self._buy({"price_unit": 50, "product_uom_qty": 2})
        for moment in ("payment", "delivery", "confirmation"):
            self.program.earn_moment = moment
            order.sudo()._sync_loyalty()
        self.assertEqual(self._story(order), [("earn", 100)])

    def test_a_delivery_put_right_posts_no_money_below_nothing(self):
        self.program.earn_moment = "delivery"
        order = self._buy({"price_unit": 50, "product_uom_qty": 2})
        for quantity in (2, 1, 2):
            self._deliver(order.order_line, quantity)
        self.assertFalse(
            self._entries(order).filtered(
                lambda e: e.entry_type == "earn" and e.base_amount <= 0
            )
        )
        self.assertEqual(self.card.points, 100)

    def test_an_order_confirmed_anew_earns_as_the_programme_says_now(self):
        self.program.earn_moment = "delivery"
        order = self._buy(100)
        order.sudo()._action_cancel()
        order.sudo().action_draft()
        self.program.earn_moment = "confirmation"
        order.action_confirm()
        self.assertEqual(self._story(order), [("earn", 100)])

    # === Credited before it was paid ===

    def _credit(self, invoices, quantity):
        """Credit so many units of the invoices, against what is to be paid."""
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoices.ids
        )
        journal = invoices.journal_id
        action = wizard.create({"journal_id": journal.id}).refund_moves()
        note = self.env["account.move"].browse(action["res_id"])
        note.invoice_line_ids.quantity = quantity
        note.action_post()
        lines = (invoices | note).line_ids
        lines.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        ).reconcile()
        return note

    def test_what_is_left_of_a_credited_order_earns_when_it_is_paid(self):
        self.program.earn_moment = "payment"
        order = self._buy({"price_unit": 50, "product_uom_qty": 3})
        invoice = self._invoice(order)
        self._credit(invoice, 1)
        self.assertFalse(self._entries(order))
        self._pay(invoice)
        self.assertEqual(self.card.points, 100)
        self.assertEqual(sum(self._entries(order).mapped("base_amount")), 100)
        self.assert_balanced()

    def test_an_order_that_was_wholly_credited_earns_nothing(self):
        self.program.earn_moment = "payment"
        order = self._buy({"price_unit": 50, "product_uom_qty": 3})
        invoice = self._invoice(order)
        self._credit(invoice, 3)
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertFalse(self.card.points)

    def test_a_quotation_earns_nothing_by_a_delivery(self):
        self.program.earn_moment = "delivery"
        order = self._make_order(self.member, 100)
        self._deliver(order.order_line, 1)
        self.assertFalse(self._entries(order))
