from datetime import date

from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestExpiry(LoyaltyCase):
    """Points expire when they are too old, the oldest are spent first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._let_expire(12)

    def test_points_may_be_spent_on_their_last_day_and_expire_in_the_night(self):
        self._buy(100)
        self.assertEqual(self._open_lots(), [(date(2027, 6, 30), 100)])
        with freeze_time("2027-06-30 23:00:00"):
            self._run_nightly()
            self.assertEqual(self.card.points, 100)
        with freeze_time("2027-07-01 00:30:00"):
            self._run_nightly()
        self.assertEqual(self.card.points, 0)
        self.assertEqual(self._story(), [("earn", 100), ("expire", -100)])
        self.assert_balanced()

    def test_points_expire_once(self):
        self._buy(100)
        with freeze_time("2027-07-01 10:00:00"):
            for _night in range(3):
                self._run_nightly()
        self.assertEqual(self._story(), [("earn", 100), ("expire", -100)])

    def test_only_what_is_left_of_a_lot_expires(self):
        self._buy(100)
        self._post(-70, "redeem")
        with freeze_time("2027-07-01 10:00:00"):
            self._run_nightly()
        self.assertEqual(self._story()[-1], ("expire", -30))
        self.assert_balanced()

    def test_the_soonest_to_expire_is_spent_first(self):
        self._post(100, expires_on=date(2028, 6, 30))
        self._buy(100)
        self._post(-120, "redeem")
        self.assertEqual(self._open_lots(), [(date(2028, 6, 30), 80)])

    def test_the_last_of_a_month_expires_on_the_last_of_a_month(self):
        self._let_expire(8)
        self._buy(100)
        self.assertEqual(self._open_lots(), [(date(2027, 2, 28), 100)])

    def test_points_without_validity_never_expire(self):
        self._let_expire(12, "never")
        self._buy(100)
        with freeze_time("2099-07-01 10:00:00"):
            self._run_nightly()
        self.assertEqual(self.card.points, 100)

    def test_the_day_of_expiry_begins_where_the_company_is(self):
        self._buy(100)
        self.company.partner_id.tz = "America/Los_Angeles"
        with freeze_time("2027-07-01 06:59:00"):
            self._run_nightly()
            self.assertEqual(self.card.points, 100)
        with freeze_time("2027-07-01 07:01:00"):
            self._run_nightly()
        self.assertEqual(self.card.points, 0)

    def test_what_expired_in_a_closed_period_is_dated_after_it(self):
        self._buy(100)
        with freeze_time("2027-09-10 10:00:00"):
            self.company.fiscalyear_lock_date = date(2027, 8, 31)
            self._run_nightly()
        expired = self._entries()[-1]
        self.assertEqual(str(expired.occurred_at), "2027-09-01 00:00:00")
        self.assertEqual(expired.available_on, date(2027, 6, 30))

    def test_an_expiry_costs_no_tier(self):
        self.program.tier_window = "lifetime"
        self._buy(350)
        with freeze_time("2027-07-01 10:00:00"):
            self._run_nightly()
        self.assertEqual((self.card.points, self.card.tier_id.name), (0, "Gold"))

    def test_an_order_cancelled_after_its_points_expired_makes_a_debt(self):
        order = self._buy(100)
        with freeze_time("2027-07-01 10:00:00"):
            self._run_nightly()
            order._action_cancel()
        self.assertEqual(self.card.points, -100)
        self.assert_balanced()

    def test_an_absurd_validity_is_refused(self):
        for field in ("validity_count", "tier_window_months", "hold_days"):
            with self.subTest(field=field), self.assert_refused_by_sql():
                self.program.write({field: 10**9})
                self.program.flush_recordset()
        for values in (
            {"validity_count": 0},
            {"validity_count": -1},
            {"expiry_day": 0},
            {"expiry_day": 32},
        ):
            with self.subTest(**values), self.assert_refused_by_sql():
                self.program.write(values)
        with self.assert_refused_by_sql():
            self.program.tier_ids[0].extra_validity_months = -1
            self.program.tier_ids.flush_recordset()

    def test_points_may_last_days_or_until_the_end_of_a_period(self):
        for values, day in (
            ({"validity_unit": "day", "validity_count": 90}, date(2026, 9, 28)),
            ({"validity_rounding": "year"}, date(2026, 12, 31)),
            ({"validity_unit": "month", "validity_count": 7}, date(2027, 12, 31)),
            ({"validity_rounding": "quarter"}, date(2027, 3, 31)),
            ({"expiry_mode": "fixed", "validity_count": 12}, date(2027, 12, 31)),
            ({"expiry_day": 31, "expiry_month": "6"}, date(2027, 6, 30)),
        ):
            with self.subTest(**values):
                self.program.write(values)
                card = self._make_member("Member")
                self._buy(100, partner=card.partner_id)
                self.assertEqual(self._open_lots(card), [(day, 100)])

    def test_the_day_of_earning_is_the_companys(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        for moment, day in (
            ("2026-06-30 11:59:00", date(2027, 6, 30)),
            ("2026-06-30 12:01:00", date(2027, 7, 1)),
        ):
            with self.subTest(moment=moment), freeze_time(moment):
                card = self._make_member("Member")
                self._buy(100, partner=card.partner_id)
                self.assertEqual(self._open_lots(card), [(day, 100)])

    def test_a_tier_makes_points_last_longer(self):
        gold = self.program.tier_ids.filtered(lambda tier: tier.name == "Gold")
        gold.extra_validity_months = 6
        self._buy(400)
        self._buy(100)
        self.assertEqual(
            self._open_lots(), [(date(2027, 6, 30), 400), (date(2027, 12, 30), 100)]
        )

    def test_what_members_share_lasts_as_long_as_the_best_tier_says(self):
        gold = self.program.tier_ids.filtered(lambda tier: tier.name == "Gold")
        gold.extra_validity_months = 6
        self._buy(400)
        pool = self.env["loyalty.pool"]._make(self.program, "Home")
        other = self._make_member("Olga Other")
        for card in (self.card, other):
            pool._add(card, "backoffice")
        self._buy(100, partner=other.partner_id)
        self.assertIn((date(2027, 12, 30), 100), self._open_lots(pool.account_id))

    def test_no_points_lapse_before_they_can_be_spent(self):
        self.program.write(
            {"hold_days": 30, "expiry_mode": "fixed", "validity_count": 0}
        )
        with freeze_time("2026-12-10 10:00:00"):
            self._buy(100)
        with freeze_time("2027-01-09 10:00:00"):
            self._run_nightly()
            self.assertEqual(self._open_lots(), [(date(2027, 12, 31), 100)])
        self.program.write({"expiry_mode": "never"})
        with freeze_time("2027-12-10 10:00:00"):
            self._buy(50)
            self.program.expiry_mode = "fixed"
        with freeze_time("2028-01-09 10:00:00"):
            self._run_nightly()
        self.assertEqual(self._open_lots(), [(date(2028, 12, 31), 50)])
        self.assert_balanced()

    def test_what_comes_back_after_its_last_day_has_the_days_it_had_left(self):
        self._post(100, "earn", expires_on=date(2026, 7, 10))
        spent = self._post(-100, "redeem")
        with freeze_time("2026-08-01 10:00:00"):
            for part in (40, 60):
                self._post(part, "redeem_reversal", reverses_id=spent.id)
                self._run_nightly()
            self.assertEqual(
                self._open_lots(), [(date(2026, 8, 11), 40), (date(2026, 8, 11), 60)]
            )
        with freeze_time("2026-08-12 10:00:00"):
            self._run_nightly()
        self.assertEqual(self.card.points, 0)
        self.assert_balanced()

    def test_what_comes_back_on_its_last_day_has_that_day(self):
        self._post(100, "earn", expires_on=date(2026, 7, 10))
        spent = self._post(-100, "redeem")
        with freeze_time("2026-07-10 10:00:00"):
            self._post(100, "redeem_reversal", reverses_id=spent.id)
            self.assertEqual(self._open_lots(), [(date(2026, 7, 10), 100)])
