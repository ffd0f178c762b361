from odoo.tests import freeze_time, tagged

from .common import NOW
from .credit_note_common import CreditNoteCase
from .stamp_common import StampCase


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestStampCard(StampCase):
    """Buy nine, the tenth is free, in a sales order."""

    def test_each_cup_gives_a_stamp_and_nothing_else_does(self):
        self._buy(self._cups(2), self._cups(1, self.cake))
        self.assertEqual(self.stamp_card.points, 2)
        self.assertEqual(self.stamp_card.stamp_words, "2 of 9 stamps")
        self.assert_balanced(self.stamp_card)

    def test_the_free_one_earns_no_stamp(self):
        self._post(9, card=self.stamp_card)
        order = self._make_order(self.member, self._cups(1))
        self.assertFalse(self._claim_cup(order))
        order.action_confirm()
        self.assertEqual(order.amount_total, 3)
        self.assertEqual(
            self._story(order, self.stamp_card), [("redeem", -9), ("earn", 1)]
        )
        self.assert_balanced(self.stamp_card)

    def test_nineteen_cups_in_one_order_give_one_reward_and_keep_the_rest(self):
        order = self._make_order(self.member, self._cups(18))
        self._claim_cup(order)
        self.assertEqual(self._free_cups(order), 1, "one claim is one cup")
        order.action_confirm()
        self.assertEqual(self.stamp_card.points, 18 - 9)
        self.assertEqual(order.amount_total, 18 * 3)
        self.assert_balanced(self.stamp_card)

    def test_a_second_claim_takes_the_second_full_card(self):
        order = self._make_order(self.member, self._cups(19))
        self._claim_cup(order)
        self._claim_cup(order)
        self.assertEqual(self._free_cups(order), 2)
        order.action_confirm()
        self.assertEqual(self.stamp_card.points, 1)

    def test_eight_stamps_buy_nothing(self):
        self._post(8, card=self.stamp_card)
        order = self._make_order(self.member, self._cups(1, self.cake))
        order._update_programs_and_rewards()
        self.assertNotIn(
            self.stamps.reward_ids,
            sum(order._get_claimable_rewards().values(), self.env["loyalty.reward"]),
        )

    def test_a_cancelled_order_takes_stamps_and_reward_back(self):
        self._post(9, card=self.stamp_card)
        order = self._make_order(self.member, self._cups(2))
        self._claim_cup(order)
        order.action_confirm()
        self.assertEqual(self.stamp_card.points, 2)
        order._action_cancel()
        self.assertEqual(self.stamp_card.points, 9)
        self.assert_balanced(self.stamp_card)

    def test_both_programmes_of_the_customer_earn(self):
        self._buy(self._cups(4))
        self.assertEqual(self.stamp_card.points, 4)
        self.assertEqual(self.card.points, 12)
        self.assert_balanced()


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestStampRefund(StampCase, CreditNoteCase):
    """A cup that comes back takes its stamp along."""

    def test_a_returned_cup_takes_its_stamp_and_the_full_card_with_it(self):
        order = self._buy_and_invoice(self._cups(9))
        self.assertEqual(self.stamp_card._lay_out_stamps().ready, 1)
        self._credit(order, {0: 1})
        self.assertEqual(self.stamp_card.points, 8)
        self.assertEqual(self.stamp_card.stamp_words, "8 of 9 stamps")
        self.assert_balanced(self.stamp_card)

    def test_a_returned_cup_takes_an_unused_coupon_along(self):
        self.stamps.reward_ids.issues_coupon = True
        order = self._buy_and_invoice(self._cups(10))
        coupon = self.stamp_card._issue_coupon(self.stamps.reward_ids, "backoffice")
        self.assertEqual(self.stamp_card.points, 1)
        self._credit(order, {0: 1})
        self.assertEqual(coupon.coupon_state, "issued", "that stamp was left over")
        self._credit(order, {0: 1})
        self.assertEqual(coupon.coupon_state, "void")
        self.assertEqual(self.stamp_card.points, 8)
        self.assert_balanced(self.stamp_card)

    def test_a_used_coupon_stays_used_and_the_stamp_is_owed(self):
        self.stamps.reward_ids.issues_coupon = True
        order = self._buy_and_invoice(self._cups(9))
        coupon = self.stamp_card._issue_coupon(self.stamps.reward_ids, "backoffice")
        coupon.sudo().points = 0
        self._credit(order, {0: 1})
        self.assertEqual(coupon.coupon_state, "used")
        self.assertEqual(self.stamp_card.points, -1)

    def test_a_stamp_that_was_spent_already_is_owed(self):
        order = self._buy_and_invoice(self._cups(9))
        later = self._make_order(self.member, self._cups(1, self.cake))
        self._claim_cup(later)
        later.action_confirm()
        self.assertEqual(self.stamp_card.points, 0)
        self._credit(order, {0: 1})
        self.assertEqual(self.stamp_card.points, -1)
        self.assertIn("0 of 9 stamps", self.stamp_card.stamp_words)
        self.assertEqual(self.stamp_card._lay_out_stamps().owed, 1)
        self.assert_balanced(self.stamp_card)
