from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestSaleCancel(LoyaltyCase):
    """Cancelling an order takes back exactly what it posted."""

    def test_a_cancelled_order_gives_its_points_back(self):
        order = self._buy(100)
        earned = self._entries(order)
        order._action_cancel()
        self.assertEqual(self._story(order), [("earn", 100), ("earn_reversal", -100)])
        reversal = self._entries(order)[-1]
        self.assertEqual(reversal.reverses_id, earned)
        self.assertEqual(reversal.base_amount, -100)
        self.assertEqual(self.card.points, 0)
        self.assert_balanced()

    def test_a_cancelled_order_returns_what_it_spent(self):
        self._buy(150)
        order = self._make_order(self.member, 60)
        self._claim_reward(order)
        order.action_confirm()
        order._action_cancel()
        self.assertEqual(
            self._story(order),
            [
                ("redeem", -100),
                ("earn", 55),
                ("redeem_reversal", 100),
                ("earn_reversal", -55),
            ],
        )
        self.assertEqual(self.card.points, 150)
        self.assert_balanced()

    def test_a_cancelled_quotation_posts_nothing(self):
        order = self._make_order(self.member, 100)
        order._update_programs_and_rewards()
        order._action_cancel()
        self.assertFalse(self._entries())

    def test_pending_points_are_taken_back_before_they_can_be_spent(self):
        self._post(30)
        self.program.hold_days = 14
        order = self._buy(100)
        order._action_cancel()
        self.assertEqual((self.card.points, self.card.points_pending), (30, 0))
        self.assert_balanced()
        with freeze_time("2026-08-01 10:00:00"):
            self._run_nightly()
        self.assertEqual((self.card.points, self.card.points_pending), (30, 0))

    def test_points_that_were_spent_meanwhile_become_a_debt(self):
        order = self._buy(100)
        self._post(-80, "redeem")
        order._action_cancel()
        self.assertEqual(self.card.points, -80)
        self.assert_balanced()

    def test_returned_points_keep_the_expiry_they_had(self):
        self._let_expire(12)
        self._buy(100)
        before = self._open_lots()
        with freeze_time("2026-09-30 10:00:00"):
            order = self._make_order(self.member, 60)
            self._claim_reward(order)
            order.action_confirm()
            order._action_cancel()
        self.assertEqual(self._open_lots(), before)

    def test_points_returned_into_a_debt_keep_the_expiry_they_had(self):
        self._let_expire(12)
        self._post(60, "earn")
        before = self._open_lots()
        spent = self._post(-100, "redeem", origin=("res.partner", self.member.id))
        self.assertEqual(self.card.points, -40)
        self.ledger._reverse_document(self.member)
        self.assertEqual(self._entries()[-1].reverses_id, spent)
        self.assertEqual(self._open_lots(), before)
        self.assert_balanced()

    def test_confirming_again_after_a_cancellation_earns_again(self):
        self._buy(150)
        order = self._make_order(self.member, 60)
        for number in range(3):
            if number:
                order.action_draft()
            self._claim_reward(order)
            order.action_confirm()
            self.assertEqual(self.card.points, 105)
            order._action_cancel()
            self.assertEqual(self.card.points, 150)
            self.assert_balanced()
        self.assertEqual(len(self._entries(order)), 3 * 4)

    def test_cancelling_twice_takes_back_once(self):
        order = self._buy(100)
        order._action_cancel()
        self.ledger._reverse_documents(order.sudo())
        self.assertEqual(self.card.points, 0)

    def test_money_below_the_first_point_is_taken_back_too(self):
        self.program.tier_ids[1].threshold = 0.5
        order = self._buy(0.6)
        self.assertEqual(self.card.tier_id.name, "Silver")
        order._action_cancel()
        self.assertEqual(self._story(order), [("earn", 0), ("earn_reversal", 0)])
        self.assertEqual(self.card.tier_id.name, "Bronze")

    def test_a_batch_is_cancelled_at_once(self):
        orders = self._buy(100) | self._buy(50)
        orders._action_cancel()
        self.assertEqual(self.card.points, 0)
        self.assertEqual(len(self._entries()), 4)

    def test_the_order_of_another_programmes_member_is_left_alone(self):
        self._buy(100)
        other = self._make_member("Olga Other")
        order = self._buy(10, partner=other.partner_id)
        order._action_cancel()
        self.assertEqual((self.card.points, other.points), (100, 0))

    def test_a_partial_return_of_a_redemption_keeps_the_books(self):
        self._let_expire(12)
        self._post(60, "earn")
        with freeze_time("2026-07-31 10:00:00"):
            self._post(60, "earn")
            redeem = self._post(-100, "redeem", origin=("res.partner", self.member.id))
            self._post(70, "redeem_reversal", reverses_id=redeem.id)
            self.assertEqual(self.card.points, 90)
            self.assert_balanced()
            self.ledger._reverse_document(self.member)
        self.assertEqual(self.card.points, 120)
        self.assert_balanced()
        self.assertEqual([rest for _day, rest in self._merged_lots()], [60, 60])

    def _merged_lots(self):
        rests = {}
        for day, rest in self._open_lots():
            rests[day] = rests.get(day, 0) + rest
        return sorted(rests.items())
