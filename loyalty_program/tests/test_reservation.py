from datetime import timedelta
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import NOW, LoyaltyCase


@tagged("post_install", "-at_install")
class TestReservation(LoyaltyCase):
    """Points that a sale is being paid with are nobody else's meanwhile."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._post(100)

    def _reserve(self, points, holder="till-1", card=None):
        return self.ledger._reserve({card or self.card: Decimal(points)}, holder)

    def _claim_all(self):
        order = self._make_order(self.member, 20)
        self.assertFalse(self._claim_reward(order))
        return order

    def test_the_second_who_asks_for_the_last_points_gets_none(self):
        self.assertFalse(self._reserve(100))
        self.assertEqual(self._reserve(1, "till-2"), self.card)
        self.assertFalse(self._reserve(100, card=self._make_rich_member()))

    def _make_rich_member(self):
        other = self._make_member("Rita Rich")
        self._post(100, card=other)
        return other

    def test_what_is_left_may_be_asked_for(self):
        self.assertFalse(self._reserve(60))
        self.assertEqual(self._reserve(41, "till-2"), self.card)
        self.assertFalse(self._reserve(40, "till-2"))

    def test_the_same_sale_may_ask_again(self):
        self.assertFalse(self._reserve(100))
        self.assertFalse(self._reserve(80))
        self.assertFalse(self._reserve(20, "till-2"))

    def test_who_was_refused_keeps_nothing(self):
        self.assertFalse(self._reserve(60))
        self._reserve(50, "till-2")
        self.assertFalse(self._reserve(40, "till-3"))

    def test_nothing_is_kept_for_long(self):
        self.assertFalse(self._reserve(100))
        with freeze_time(NOW) as frozen:
            frozen.tick(timedelta(minutes=2, seconds=1))
            self.assertFalse(self._reserve(100, "till-2"))
            frozen.tick(timedelta(minutes=3))
            self.env["loyalty.reservation"]._gc_reservations()
        self.assertFalse(self.env["loyalty.reservation"].search([]))

    def test_an_order_waits_for_the_sale_and_says_so(self):
        order = self._claim_all()
        self._reserve(100)
        with (
            self.assertRaisesRegex(UserError, "spent elsewhere at this moment"),
            self.env.cr.savepoint(),
        ):
            order.action_confirm()
        self.env.invalidate_all()
        self.assertEqual((order.state, self.card.points), ("draft", 100))
        self.ledger._release("till-1")
        order.action_confirm()
        self.assertEqual(self.card.points, 15)

    def test_members_of_a_pool_ask_for_the_same_points(self):
        mate = self._make_member("Mate")
        pool = self.env["loyalty.card"].create({"program_id": self.program.id})
        member = self._make_member("Member")
        (member | mate).account_id = pool
        self._post(100, card=member)
        self.assertFalse(self._reserve(100, card=member))
        self.assertEqual(self._reserve(100, "till-2", card=mate), mate)

    def test_points_that_are_kept_are_still_the_balance(self):
        self._reserve(100)
        self.assertEqual(self.card.points, 100)
        self._buy(10)
        self.assertEqual(self.card.points, 110)
        self.assert_balanced()
