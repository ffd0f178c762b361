from datetime import date

from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestExpiry(LoyaltyCase):
    """Points expire when they are too old, the oldest are spent first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.validity_months = 12

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
        self.program.validity_months = 24
        self._buy(100)
        self.program.validity_months = 12
        self._buy(100)
        self._post(-120, "redeem")
        self.assertEqual(self._open_lots(), [(date(2028, 6, 30), 80)])

    def test_the_last_of_a_month_expires_on_the_last_of_a_month(self):
        self.program.validity_months = 8
        self._buy(100)
        self.assertEqual(self._open_lots(), [(date(2027, 2, 28), 100)])

    def test_points_without_validity_never_expire(self):
        self.program.validity_months = 0
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

    def test_an_expiry_costs_no_tier(self):
        self.program.tier_window_months = 0
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
        for field in ("validity_months", "tier_window_months", "hold_days"):
            with self.subTest(field=field), self.assert_refused_by_sql():
                self.program.write({field: 10**9})
                self.program.flush_recordset()
