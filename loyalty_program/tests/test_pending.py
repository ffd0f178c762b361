from datetime import date, datetime
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestPending(LoyaltyCase):
    """During the return window points are visible, not spendable."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.hold_days = 14

    def test_points_are_pending_until_the_window_is_over(self):
        order = self._buy(100)
        self.assertEqual((self.card.points, self.card.points_pending), (0, 100))
        self.assertEqual(self._entries(order).available_on, date(2026, 7, 14))
        with freeze_time("2026-07-13 23:59:00"):
            self._run_nightly()
            self.assertEqual((self.card.points, self.card.points_pending), (0, 100))
        with freeze_time("2026-07-14 00:01:00"):
            self._run_nightly()
        self.assertEqual((self.card.points, self.card.points_pending), (100, 0))
        self.assert_balanced()

    def test_the_day_begins_where_the_company_is(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        with freeze_time("2026-06-29 13:00:00"):  # the 30th already in Auckland
            self._buy(100)
        with freeze_time("2026-07-13 11:59:00"):
            self._run_nightly()
            self.assertEqual(self.card.points, 0)
        with freeze_time("2026-07-13 12:01:00"):
            self._run_nightly()
        self.assertEqual(self.card.points, 100)

    def test_the_nightly_work_done_twice_releases_once(self):
        self._buy(100)
        with freeze_time("2026-07-20 10:00:00"):
            self._run_nightly()
            self._run_nightly()
        self.assertEqual((self.card.points, self.card.points_pending), (100, 0))

    def test_pending_points_buy_nothing(self):
        self._buy(150)
        order = self._make_order(self.member, 60)
        self.assertIn("error", self._claim_reward(order))

    def test_pending_money_does_not_lift_the_tier_before_its_day(self):
        self._buy(350)
        self.assertEqual(self.card.tier_id.name, "Bronze")
        self.assertEqual(self.card._get_tier_facts()["value"], 0)
        with freeze_time("2026-07-14 10:00:00"):
            self._run_nightly()
        self.assertEqual(self.card.tier_id.name, "Gold")

    def test_released_points_pay_a_debt_first(self):
        self._post(-40, "redeem")
        self._buy(100)
        self.assertEqual((self.card.points, self.card.points_pending), (-40, 100))
        with freeze_time("2026-07-14 10:00:00"):
            self._run_nightly()
        self.assertEqual((self.card.points, self.card.points_pending), (60, 0))
        self.assert_balanced()

    def test_a_spent_reward_is_not_held(self):
        self._post(100)
        order = self._make_order(self.member, 60)
        self._claim_reward(order)
        order.action_confirm()
        self.assertEqual((self.card.points, self.card.points_pending), (0, 55))
        order._action_cancel()
        self.assertEqual((self.card.points, self.card.points_pending), (100, 0))
        self.assert_balanced()

    def test_an_old_purchase_is_not_held_when_it_is_imported(self):
        self._post(10, "earn", hold_days=14, occurred_at=datetime(2026, 6, 1))
        self.assertEqual((self.card.points, self.card.points_pending), (10, 0))

    def test_many_members_are_released_in_batches(self):
        cards = [self._make_member(f"Member {number}") for number in range(7)]
        self.ledger._post(
            [self._make_posting(5, "earn", card=card, hold_days=3) for card in cards]
        )
        batch = "odoo.addons.loyalty_program.models.loyalty_ledger_batch.LOT_BATCH"
        with freeze_time("2026-07-05 10:00:00"), patch(batch, 2):
            self._run_nightly()
        self.assertEqual([card.points for card in cards], [5] * 7)

    def test_the_scheduled_job_does_the_nightly_work(self):
        self._buy(100)
        job = self.env.ref("loyalty_program.ir_cron_run_ledger")
        with freeze_time("2026-07-14 10:00:00"), self.enter_registry_test_mode():
            job.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((self.card.points, self.card.points_pending), (100, 0))
