from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .credit_note_common import CreditNoteCase


@tagged("post_install", "-at_install")
class TestCreditNote(CreditNoteCase):
    """A credit note takes back what the credited goods had earned."""

    def test_a_full_credit_note_takes_all_points_back(self):
        order = self._buy_and_invoice()
        note = self._credit(order)
        reversal = self._entries(note)
        self.assertEqual(reversal.entry_type, "earn_reversal")
        self.assertEqual((reversal.points, reversal.base_amount), (-100, -100))
        self.assertEqual(reversal.reverses_id, self._entries(order))
        self.assertEqual(reversal.posted_by_id, self.accountant)
        self.assertEqual(self.card.points, 0)
        self.assert_balanced()

    def test_a_credit_note_of_one_line_takes_that_lines_points(self):
        order = self._buy_and_invoice(
            {"product_id": self.single.id, "product_uom_qty": 5},
            {"product_id": self.album.id, "product_uom_qty": 3},
        )
        self.assertEqual(self.card.points, 199)
        note = self._credit(order, {0: 2})
        self.assertEqual(self.card.points, 159)
        self.assertIn("Single: 2 of 5 returned.", self._entries(note).breakdown_text)
        self._credit(order, {1: 3})
        self.assertEqual(self.card.points, 60)
        self.assert_balanced()

    def test_credit_notes_in_turn_sum_exactly_to_the_whole(self):
        order = self._buy_and_invoice(
            {"product_id": self.album.id, "product_uom_qty": 3},
        )
        balances = [self.card.points]
        for _note in range(3):
            self._credit(order, {0: 1})
            balances.append(self.card.points)
        self.assertEqual(balances, [99, 66, 33, 0])
        self.assertEqual(sum(self._entries().mapped("base_amount")), 0)
        self.assert_balanced()

    def test_a_price_reduction_takes_the_points_of_its_money(self):
        order = self._buy_and_invoice()
        self._credit(order, {0: 1}, price_unit=10)
        self.assertEqual(self.card.points, 90)

    def test_a_credit_note_reset_to_draft_gives_the_points_again(self):
        self.program.hold_days = 14
        order = self._buy_and_invoice()
        note = self._credit(order, {0: 2})
        self.assertEqual(self.card.points_pending, 60)
        note.button_draft()
        self.assertEqual((self.card.points, self.card.points_pending), (0, 100))
        note.action_post()
        self.assertEqual(self.card.points_pending, 60)
        note.button_cancel()
        self.assertEqual((self.card.points, self.card.points_pending), (0, 100))
        self.assert_balanced()

    def test_a_reward_returned_again_and_again_comes_back_each_time(self):
        self._post(100)
        order = self._make_order(self.member, 50)
        self._claim_reward(order)
        order.action_confirm()
        self._invoice(order)
        note = self._credit(order)
        self.assertEqual(self.card.points, 100)
        for _again in range(2):
            note.button_draft()
            self.assertEqual(self.card.points, 45)
            note.action_post()
            self.assertEqual(self.card.points, 100)
            self.assert_balanced()
        note.button_draft()
        order.sudo()._action_cancel()
        self.assertEqual(self.card.points, 100)
        self.assert_balanced()

    def test_a_draft_credit_note_takes_nothing(self):
        order = self._buy_and_invoice()
        self._credit(order, post=False)
        self.assertEqual(self.card.points, 100)

    def test_goods_credited_and_taken_off_the_order_are_gone_once(self):
        order = self._buy_and_invoice()
        self._credit(order, {0: 2})
        order.order_line.product_uom_qty = 3
        self.assertEqual(self.card.points, 60)
        self.assert_balanced()

    def test_goods_taken_off_first_and_others_credited_are_gone_both(self):
        order = self._buy({"product_id": self.single.id, "product_uom_qty": 5})
        order.order_line.product_uom_qty = 3
        self._invoice(order)
        self._credit(order, {0: 1})
        self.assertEqual(self.card.points, 40)

    def test_an_order_cancelled_after_a_credit_note_takes_only_the_rest(self):
        order = self._buy_and_invoice()
        self._credit(order, {0: 2})
        order._action_cancel()
        self.assertEqual(self.card.points, 0)
        self.assert_balanced()

    def test_a_cancelled_order_confirmed_again_starts_anew(self):
        order = self._buy_and_invoice()
        note = self._credit(order)
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.card.points, 100)
        order.order_line.product_uom_qty = 4
        self.assertEqual(self.card.points, 80)
        note.button_draft()
        self.assertEqual(self.card.points, 80)
        self.assert_balanced()

    def test_an_invoice_that_replaces_a_credited_one_earns_again(self):
        order = self._buy_and_invoice()
        self._credit(order)
        self.assertEqual(self.card.points, 0)
        self._invoice(order)
        self.assertEqual(self.card.points, 100)
        self.assert_balanced()

    def test_a_full_credit_note_gives_the_reward_back(self):
        self._post(100)
        order = self._make_order(self.member, 60)
        self._claim_reward(order)
        order.action_confirm()
        self._invoice(order)
        note = self._credit(order)
        self.assertEqual(
            self._story(note), [("redeem_reversal", 100), ("earn_reversal", -55)]
        )
        self.assertEqual(self.card.points, 100)
        self.assert_balanced()

    def test_a_credit_note_of_the_goods_alone_keeps_the_reward_spent(self):
        self._post(100)
        order = self._make_order(self.member, 30, 30)
        self._claim_reward(order)
        order.action_confirm()
        self._invoice(order)
        self._credit(order, {0: 1})
        # One record of 30 is left, with the discount of 5 on it.
        self.assertEqual(self.card.points, 25)
        self.assert_balanced()

    def test_half_of_the_reward_line_gives_half_of_its_points_back(self):
        self._post(100)
        order = self._make_order(self.member, 30, 30)
        self._claim_reward(order)
        order.action_confirm()
        self._invoice(order)
        self._credit(order, {0: 1, 2: 0.5})
        self.assertEqual(self.card.points, 50 + 27)
        self.assert_balanced()

    def test_points_spent_meanwhile_are_owed(self):
        order = self._buy_and_invoice()
        self._post(-80, "redeem")
        self._credit(order)
        self.assertEqual(self.card.points, -80)
        self.assert_balanced()

    def test_a_refusing_programme_refuses_the_credit_note(self):
        self.program.debt_policy = "refuse"
        order = self._buy_and_invoice()
        self._post(-80, "redeem")
        note = self._credit(order, post=False)
        with (
            self.assertRaisesRegex(UserError, "80 points are missing"),
            self.env.cr.savepoint(),
        ):
            note.action_post()
        self.env.invalidate_all()
        self.assertEqual((note.state, self.card.points), ("draft", 20))

    def test_the_value_of_spent_points_is_taken_off_the_credit_note(self):
        self.program.write({"debt_policy": "value", "point_value": 0.05})
        order = self._buy_and_invoice()
        self._post(-80, "redeem")
        note = self._credit(order)
        self.assertEqual(note.amount_total, 96)
        self.assertEqual(self._story(note), [("earn_reversal", -100), ("adjust", 80)])
        self.assertEqual(self.card.points, 0)
        self.assertIn("4.00", self._entries(note)[-1].breakdown_text)
        self.assert_balanced()

    def test_a_withdrawn_credit_note_takes_the_value_back_too(self):
        self.program.write({"debt_policy": "value", "point_value": 0.05})
        order = self._buy_and_invoice()
        self._post(-80, "redeem")
        note = self._credit(order)
        note.button_draft()
        self.assertEqual(self.card.points, 20)
        self._post(-20, "redeem")
        note.action_post()
        self.assertEqual(note.amount_total, 95)
        self.assertEqual(self.card.points, 0)
        self.assert_balanced()

    def test_a_credit_note_too_small_for_the_value_leaves_the_rest_owed(self):
        self.program.write({"debt_policy": "value", "point_value": 3})
        order = self._buy_and_invoice()
        self._post(-100, "redeem")
        note = self._credit(order, {0: 2})
        # 40 are credited: 13 points of 3 each, 27 of 40 are owed.
        self.assertEqual(note.amount_total, 1)
        self.assertEqual(self.card.points, -27)
        self.assert_balanced()

    def test_nothing_spent_leaves_the_credit_note_as_it_is(self):
        self.program.write({"debt_policy": "value", "point_value": 0.05})
        order = self._buy_and_invoice()
        note = self._credit(order, {0: 2})
        self.assertEqual((note.amount_total, self.card.points), (40, 60))

    def test_a_value_that_nobody_knows_cannot_be_taken_off(self):
        self.program.point_value = 0
        with self.assertRaises(ValidationError):
            self.program.debt_policy = "value"

    def test_points_recorded_before_the_programme_was_strict_go_by_money(self):
        program = self._make_recorded_program()
        card = self._make_card(program)
        self.program.active = False
        line = {"product_id": self.single.id, "product_uom_qty": 5}
        order = self._make_order(card.partner_id, line)
        order._update_programs_and_rewards()
        order.action_confirm()
        self._invoice(order)
        program.ledger_policy = "strict"
        self._credit(order, {0: 2})
        self.assertEqual(card.points, 60)

    def test_without_a_strict_programme_no_document_asks_anything(self):
        programs = self.env["loyalty.program"].with_context(active_test=False)
        programs.search([("ledger_policy", "=", "strict")]).ledger_policy = "stock"
        order = self._buy_and_invoice()
        invoice = order.sudo().invoice_ids
        self.env.flush_all()
        self.assertFalse(programs._has_strict())
        with self.assertQueryCount(0):
            invoice._sync_loyalty()
            order._sync_loyalty()

    def test_the_invoice_of_a_stranger_asks_once(self):
        order = self._make_order(self._make_partner(), 100)
        order.action_confirm()
        invoice = self._invoice(order)
        self.assertTrue(self.env["loyalty.program"]._has_strict())
        self.env.flush_all()
        with self.assertQueryCount(1):
            invoice._sync_loyalty()

    def test_a_down_payment_earns_and_loses_nothing(self):
        order = self._buy({"product_id": self.single.id, "product_uom_qty": 5})
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_ids=order.ids, active_model="sale.order")
            .create({"advance_payment_method": "percentage", "amount": 50})
        )
        wizard.create_invoices()
        order.sudo().invoice_ids.action_post()
        self._credit(order)
        self.assertEqual(self.card.points, 100)

    def test_a_recorded_programme_keeps_stocks_behaviour(self):
        program = self._make_recorded_program()
        card = self._make_card(program)
        self.program.active = False
        order = self._make_order(card.partner_id, 100)
        order._update_programs_and_rewards()
        order.action_confirm()
        self._invoice(order)
        self._credit(order)
        self.assertEqual(card.points, 100)
