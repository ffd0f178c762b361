from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import NOW, LoyaltyCase

#: Half an hour into the day after the last one, hours before the nightly work.
NIGHT = "2027-07-01 00:30:00"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestLapsedAtTheDoor(LoyaltyCase):
    """What is past its last day is not spent, though no night has come by."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._let_expire(12)
        cls._post(150, "earn")

    def _redeem(self, points, allow_debt=False, **values):
        posting = self._make_posting(-points, "redeem", **values)
        return self.ledger._post([posting], allow_debt=allow_debt)

    def test_on_the_last_day_they_are_spent(self):
        with freeze_time("2027-06-30 23:59:00"):
            self.assertEqual(self.card._get_points_to_spend(), 150)
            self._redeem(100)
        self.assertEqual(self.card.points, 50)

    def test_after_it_they_are_refused(self):
        with freeze_time(NIGHT):
            self.assertEqual(self.card._get_points_to_spend(), 0)
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self._redeem(100)
        self.assertEqual(self._story(), [("earn", 150)])

    def test_what_is_paid_for_is_kept_and_owed(self):
        with freeze_time(NIGHT):
            self._redeem(100, allow_debt=True)
            self.assertEqual(self._story()[1:], [("expire", -150), ("redeem", -100)])
            self.assertEqual(self.card.points, -100)
            self.assert_balanced()
            self._run_nightly()
        self.assertEqual(self.card.points, -100)

    def test_others_pay_and_the_night_finds_nothing_more(self):
        self._post(120, "earn", expires_on=date(2028, 1, 31))
        with freeze_time(NIGHT):
            self._redeem(100)
            self.assertEqual(self._open_lots(), [(date(2028, 1, 31), 20)])
            self._run_nightly()
        self.assertEqual(self.card.points, 20)
        self.assertEqual(self._entries()[-2].occurred_at, datetime(2027, 7, 1))
        self.assert_balanced()

    def test_a_sale_of_the_last_day_may_arrive_after_it(self):
        with freeze_time(NIGHT):
            self._redeem(100, occurred_at=datetime(2027, 6, 30, 23, 50))
        self.assertEqual(self._story()[1:], [("redeem", -100)])

    def test_the_day_is_the_companys(self):
        self.company.partner_id.tz = "America/Los_Angeles"
        with freeze_time("2027-07-01 06:30:00"):
            self._redeem(10)
        with freeze_time("2027-07-01 07:30:00"), self.assertRaises(UserError):
            self._redeem(10)

    def test_an_undo_of_the_same_call_spends_nothing_that_lapsed(self):
        spent = self._redeem(50)
        with freeze_time(NIGHT), self.assertRaises(UserError):
            postings = [
                self._make_posting(10, "redeem_reversal", reverses_id=spent.id),
                self._make_posting(-90, "redeem"),
            ]
            self.ledger._post(postings, allow_debt=False)

    def test_a_pool_loses_them_for_all_its_members(self):
        other = self._make_member("Olga Other")
        pool = self.env["loyalty.pool"]._make(self.program, "Home")
        for card in self.card | other:
            pool._add(card, "backoffice")
        with freeze_time(NIGHT):
            self._redeem(100, allow_debt=True, card=other)
        self.assertEqual((self.card.points, other.points), (-100, -100))
        for card in self.card | other | pool.account_id:
            self.assert_balanced(card)

    def test_by_inactivity_as_well(self):
        self._let_expire(12, "inactivity")
        self._run_nightly()
        with freeze_time("2027-06-30 23:00:00"):
            self._redeem(10)
        with freeze_time("2028-06-30 23:00:00"):
            self._redeem(10)
            self.assertEqual(self.card.points, 130)
        with freeze_time("2029-07-01 00:30:00"):
            self.assertEqual(self.card._get_points_to_spend(), 0)
            self._redeem(10, allow_debt=True)
        self.assertEqual(self._story()[-2:], [("expire", -130), ("redeem", -10)])
        self.assert_balanced()

    def test_an_order_is_not_offered_them(self):
        order = self._make_order(self.member, 100)
        order._update_programs_and_rewards()
        points = order._get_real_points_for_coupon(self.card)
        with freeze_time(NIGHT):
            self.assertEqual(order._get_real_points_for_coupon(self.card), points - 150)

    def test_an_order_that_took_them_is_refused_and_confirmed_without(self):
        order = self._make_order(self.member, 60)
        self._claim_reward(order)
        with freeze_time(NIGHT):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                order.action_confirm()
            self.env.invalidate_all()
            order._update_programs_and_rewards()
            order.order_line.filtered("reward_id").unlink()
            order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_transfer_and_a_reservation_see_them_no_more(self):
        other = self._make_member("Olga Other")
        adjuster = self._make_user(
            "adjuster",
            "loyalty_program.group_loyalty_user,loyalty_program.group_loyalty_adjust",
        )
        transfers = self.env["loyalty.transfer"].with_user(adjuster)
        with freeze_time(NIGHT):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                transfers._transfer(self.card, other, 100, "A gift")
            self.env.invalidate_all()
            missing = self.ledger._reserve({self.card: 100}, "sale")
            self.assertEqual((missing, self.card.points), (self.card, 0))

    def test_who_looks_after_the_day_has_begun_asks_nothing_more(self):
        with freeze_time(NIGHT):
            list(self.ledger._run_day())
            self.assertEqual(self.card.points, 0)
            self.program._may_show_lapsed()
            self.card.fetch(["points", "program_id", "is_managed"])
            with self.assertQueryCount(0):
                self.assertEqual(self.card._get_points_to_spend(), 0)
                self.card._get_lapsed_points()

    def test_the_day_begins_in_each_time_zone_once(self):
        self.company.partner_id.tz = "America/Los_Angeles"
        for moment, points in ((NIGHT, 150), ("2027-07-01 06:45:00", 150)):
            with freeze_time(moment):
                list(self.ledger._run_day())
            self.assertEqual(self.card.points, points)
        with freeze_time("2027-07-01 07:00:30"):
            self.assertTrue(list(self.ledger._run_day()))
            self.assertEqual(self.card.points, 0)
            self.assertFalse(list(self.ledger._run_day()))
        self.assert_balanced()

    def test_what_was_pending_is_released_when_the_day_begins(self):
        self._post(30, "earn", hold_days=3)
        with freeze_time("2026-07-03 00:00:30"):
            list(self.ledger._run_day())
        self.assertEqual((self.card.points, self.card.points_pending), (180, 0))
