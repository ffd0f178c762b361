from functools import partial
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .commit_common import CommittingCase


@tagged("post_install", "-at_install")
class TestReferralConcurrency(CommittingCase):
    """Two at once: one referral a friend, one reward, no more than the limit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls._forget_referrals)
        with cls._commit() as env:
            env["loyalty.program"].browse(cls.program).write(
                {"referral_active": True, "referral_points": 50}
            )

    @classmethod
    def _forget_referrals(cls):
        """Leave a database in which nobody ever brought a friend."""
        with cls._commit() as env:
            env["loyalty.referral"].search([("program_id", "=", cls.program)]).unlink()
            env["loyalty.program"].browse(cls.program).referral_active = False

    def _bring(self, env, card, friend):
        card, friend = env["loyalty.card"].browse([card, friend])
        return env["loyalty.referral"]._claim(card, friend.partner_id, "website").id

    def _make_due(self, env, referral):
        env["loyalty.referral"].browse(referral).write(
            {
                "state": "bought",
                "origin_model": "sale.order",
                "origin_id": 1,
                "order_amount": 10,
                "due_on": fields.Date.today(),
            }
        )

    def _pay(self, env, referral):
        referral = env["loyalty.referral"].browse(referral)
        referral._lock()
        if referral.state == "bought":
            referral._pay()
        return referral.state

    def test_a_friend_is_brought_once(self):
        first, second, friend = self._make_members(3)
        referrals, _tries = self._race(
            lambda env: self._bring(env, first, friend),
            lambda env: self._bring(env, second, friend),
        )
        self.assertEqual(len(set(referrals)), 1)

    def test_two_who_sign_up_with_one_code_are_two_friends(self):
        card, *friends = self._make_members(3)
        with self._commit() as env:
            code = env["loyalty.card"].browse(card)._get_referral_code()

        def sign_up(env, friend):
            found = env["loyalty.referral"]._find_card(code)
            return self._bring(env, found.id, friend)

        referrals, _tries = self._race(
            *[lambda env, f=friend: sign_up(env, f) for friend in friends]
        )
        self.assertEqual(len(set(referrals)), 2)
        with self._commit() as env:
            found = env["loyalty.referral"].browse(referrals)
            self.assertEqual(found.card_id.ids, [card])
            self.assertEqual(len(found.friend_id), 2)

    def test_a_code_asked_for_twice_at_once_is_one(self):
        (card,) = self._make_members(1)
        codes, _tries = self._race(
            *[lambda env: env["loyalty.card"].browse(card)._get_referral_code()] * 2
        )
        self.assertEqual(len(set(codes)), 1)

    def test_of_two_first_orders_at_once_one_counts(self):
        card, friend = self._make_members(2)
        with self._commit() as env:
            env["loyalty.program"].browse(self.program).referral_friend_points = 30
            referral = self._bring(env, card, friend)
        orders = [self._make_order(friend) for _number in range(2)]
        # Paid as they are confirmed, as in a shop.
        order_class = self.registry["sale.order"]
        is_sold = lambda order: order.state == "sale"  # noqa: E731
        with patch.object(order_class, "_is_referral_paid", is_sold):
            self._race(*[partial(self._confirm, order) for order in orders])
        with self._commit() as env:
            found = env["loyalty.referral"].browse(referral)
            self.assertIn(found.origin_id, orders)
            self.assertEqual(found.order_amount, 100)
            gifts = env["loyalty.gift"].search(
                [("key", "=like", f"referral:{referral}:friend%")]
            )
            self.assertEqual((gifts, gifts.points), (found.friend_gift_id, 30))

    def test_the_reward_is_paid_once(self):
        card, friend = self._make_members(2)
        with self._commit() as env:
            referral = self._bring(env, card, friend)
            self._make_due(env, referral)
        states, _tries = self._race(*[lambda env: self._pay(env, referral)] * 2)
        self.assertEqual(states, ["rewarded"] * 2)
        self.assertEqual(self._get_balance(card), 50)

    def test_the_limit_of_the_month_holds_for_two_at_once(self):
        card, *friends = self._make_members(3)
        with self._commit() as env:
            program = env["loyalty.program"].browse(self.program)
            program.referral_month_limit = 1
            referrals = [self._bring(env, card, friend) for friend in friends]
            for referral in referrals:
                self._make_due(env, referral)
        states, _tries = self._race(
            *[lambda env, r=referral: self._pay(env, r) for referral in referrals]
        )
        self.assertEqual(sorted(states), ["blocked", "rewarded"])
        self.assertEqual(self._get_balance(card), 50)
