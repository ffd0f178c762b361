from odoo.tests import tagged

from .common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestCartReward(LoyaltyWebsiteCommon):
    """A member spends points in the cart, and only points that are there."""

    def setUp(self):
        super().setUp()
        self.reward = self.program.reward_ids.sorted("required_points")[0]
        self._sign_in(self.member_user)

    def test_a_reward_is_claimed_and_paid_with_points(self):
        self._give_points(self.card, 150)
        order = self._fill_cart(self.member)
        page = self._read_main("/shop/cart")
        self.assertIn("claim_reward", page)
        self.assertIn(">190 points<", page)
        self._claim_reward()
        self.assertEqual(order.amount_total, 35.0)
        self._pay(order)
        entries = self._entries_of(order)
        self.assertEqual(
            {entry.entry_type: entry.points for entry in entries},
            {"redeem": -100, "earn": 35},
        )
        self.assertEqual(set(entries.mapped("channel")), {"website"})
        self.assertEqual(self.card.points, 85)

    def test_cancelling_gives_the_spent_points_back(self):
        self._give_points(self.card, 150)
        order = self._fill_cart(self.member)
        self._claim_reward()
        self._pay(order)
        order._action_cancel()
        self.assertEqual(self.card.points, 150)

    def test_a_reward_beyond_the_balance_is_not_given(self):
        self._give_points(self.card, 59)
        order = self._fill_cart(self.member)
        self.assertNotIn("claim_reward", self._read_main("/shop/cart"))
        self._claim_reward()
        self.assertFalse(order.order_line.reward_id)

    def test_held_points_cannot_be_spent(self):
        self._give_points(self.card, 150, hold_days=14)
        order = self._fill_cart(self.member)
        self._claim_reward()
        self.assertFalse(order.order_line.reward_id)

    def test_points_of_the_order_itself_are_spendable_without_a_hold(self):
        order = self._fill_cart(self.member, quantity=3)
        self._claim_reward()
        self.assertEqual(order.order_line.reward_id, self.reward)

    def test_points_of_the_order_itself_are_not_spendable_with_a_hold(self):
        self.program.hold_days = 14
        order = self._fill_cart(self.member, quantity=3)
        self._claim_reward()
        self.assertFalse(order.order_line.reward_id)

    def test_the_points_of_another_member_buy_nothing(self):
        self._give_points(self.card, 500)
        self._sign_in(self.other_user)
        order = self._fill_cart(self.other)
        self._claim_reward(code=self.card.code)
        self.assertFalse(order.order_line.reward_id)
        self.assertEqual(self.card.points, 500)

    def _claim_reward(self, **form):
        return self._post_form("/shop/claimreward", reward_id=self.reward.id, **form)
