from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestExpiryInactivity(LoyaltyCase):
    """Points lapse when their member does nothing for too long, all at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._let_expire(12, "inactivity")

    def _points_on(self, moment, card=None):
        """Return the balance after the night that ends at ``moment``."""
        with freeze_time(moment):
            self._run_nightly()
            return (card or self.card).points

    def test_a_year_without_activity_takes_all_points(self):
        with freeze_time("2026-01-15 10:00:00"):
            self._buy(40)
        self._buy(60)
        self.assertEqual(self._open_lots(), [(False, 40), (False, 60)])
        self.assertEqual(self._points_on("2027-06-30 23:00:00"), 100)
        self.assertEqual(self._points_on("2027-07-01 01:00:00"), 0)
        self.assertEqual(self._story()[-2:], [("expire", -40), ("expire", -60)])
        self.assertEqual(self._entries()[-1].available_on, date(2027, 6, 30))
        self.assert_balanced()

    def test_any_activity_moves_the_expiry_of_all_points(self):
        self._post(100, "earn")
        for year, act in (
            ("2027", lambda: self._buy(50)),
            ("2028", lambda: self._post(-10, "redeem")),
            ("2029", lambda: self._post(5, "bonus")),
        ):
            with freeze_time(f"{year}-06-30 10:00:00"):
                act()
        self.assertEqual(self._points_on("2030-06-30 20:00:00"), 145)
        self.assertEqual(self._points_on("2030-07-01 20:00:00"), 0)
        self.assert_balanced()

    def test_what_is_undone_is_no_activity(self):
        order = self._buy(100)
        self._buy(100)
        with freeze_time("2026-12-30 10:00:00"):
            order._action_cancel()
        self.assertEqual(self._points_on("2027-07-01 10:00:00"), 0)

    def test_points_lapse_once_and_new_ones_live_a_new_period(self):
        self._buy(100)
        for _night in range(3):
            self.assertEqual(self._points_on("2027-07-01 10:00:00"), 0)
        with freeze_time("2027-07-02 10:00:00"):
            self._buy(30)
        self.assertEqual(self._points_on("2028-07-02 10:00:00"), 30)
        self.assertEqual(self._points_on("2028-07-03 10:00:00"), 0)
        kinds = [kind for kind, _points in self._story()]
        self.assertEqual(kinds, ["earn", "expire", "earn", "expire"])

    def test_points_with_a_day_of_their_own_lapse_on_it(self):
        self._post(70, "bonus", expires_on=date(2026, 9, 30))
        self._post(30, "earn")
        self.assertEqual(self._points_on("2026-10-01 10:00:00"), 30)
        self.assertEqual(self._points_on("2027-07-01 10:00:00"), 0)

    def test_a_tier_gives_more_time(self):
        self._buy(400)
        self.card.tier_id.extra_validity_months = 6
        other = self._make_member("Bronze")
        self._post(10, "earn", card=other)
        self.program.tier_window = "lifetime"
        self.assertEqual(self._points_on("2027-07-01 10:00:00"), 400)
        self.assertEqual(other.points, 0)
        self.assertEqual(self._points_on("2027-12-30 23:00:00"), 400)
        self.assertEqual(self._points_on("2027-12-31 10:00:00"), 0)

    def test_the_end_of_the_quarter_is_waited_for(self):
        self.program.validity_rounding = "quarter"
        with freeze_time("2026-07-02 10:00:00"):
            self._buy(100)
        self.assertEqual(self._points_on("2027-09-30 23:00:00"), 100)
        self.assertEqual(self._points_on("2027-10-01 00:30:00"), 0)

    def test_the_days_are_the_companys(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        with freeze_time("2026-06-30 12:30:00"):
            self._buy(100)
        self.assertEqual(self._points_on("2027-07-01 11:30:00"), 100)
        self.assertEqual(self._points_on("2027-07-01 12:30:00"), 0)
        lapsed = self._entries()[-1]
        # Midnight in Auckland, where it is winter.
        self.assertEqual(str(lapsed.occurred_at), "2027-07-01 12:00:00")

    def test_switching_to_inactivity_begins_a_full_period_for_all(self):
        self._let_expire(12, "never")
        with freeze_time("2020-01-01 10:00:00"):
            self._post(100, "earn")
        self._let_expire(12, "inactivity")
        self.assertEqual(self._points_on("2027-06-30 10:00:00"), 100)
        self.assertEqual(self._points_on("2027-07-01 10:00:00"), 0)

    def test_a_shorter_period_begins_anew_and_a_longer_one_does_not(self):
        with freeze_time("2026-01-31 10:00:00"):
            self._buy(100)
        self._let_expire(18, "inactivity")
        self.assertEqual(self.program.expiry_changed_on, date(2026, 6, 30))
        with freeze_time("2027-06-30 10:00:00"):
            self._let_expire(6, "inactivity")
        self.assertEqual(self._points_on("2027-12-30 10:00:00"), 100)
        self.assertEqual(self._points_on("2027-12-31 10:00:00"), 0)

    def test_from_inactivity_to_dates_every_lot_gets_a_full_period(self):
        with freeze_time("2026-01-31 10:00:00"):
            self._buy(100)
        self._let_expire(6)
        self.assertEqual(self._open_lots(), [(date(2026, 12, 30), 100)])

    def test_another_members_activity_helps_nobody_else(self):
        self._buy(100)
        other = self._make_member("Other")
        with freeze_time("2027-01-01 10:00:00"):
            self._buy(50, partner=other.partner_id)
        self.assertEqual(self._points_on("2027-07-01 10:00:00"), 0)
        self.assertEqual(other.points, 50)

    def test_nobody_writes_the_activity_over_rpc(self):
        with self.assertRaises(AccessError):
            self.card.with_user(self.manager).activity_seen_on = date(2030, 1, 1)

    def test_who_loses_a_tier_keeps_the_days_that_were_promised(self):
        gold = self.program.tier_ids.filtered(lambda tier: tier.name == "Gold")
        gold.extra_validity_months = 6
        self.program.write({"tier_window": "rolling", "tier_window_months": 12})
        self._buy(400)
        self._run_nightly()
        self.assertEqual(self.card.tier_id, gold)
        with freeze_time("2027-11-05 10:00:00"):
            self._run_nightly()
            self._run_nightly()
            self.assertNotEqual(self.card.tier_id, gold)
            self.assertEqual(self.card.points, 400)
            self.assertEqual(self.card.expiring_on, date(2027, 12, 30))
        self.assertEqual(self._points_on("2027-12-30 23:00:00"), 400)
        self.assertEqual(self._points_on("2027-12-31 10:00:00"), 0)

    def test_a_shorter_extension_gives_a_full_new_period(self):
        gold = self.program.tier_ids.filtered(lambda tier: tier.name == "Gold")
        gold.extra_validity_months = 6
        self.program.tier_window = "lifetime"
        self._buy(400)
        with freeze_time("2027-09-01 10:00:00"):
            gold.extra_validity_months = 0
            self._run_nightly()
            self.assertEqual(self.card.points, 400)
        self.assertEqual(self._points_on("2028-09-01 20:00:00"), 400)
        self.assertEqual(self._points_on("2028-09-02 10:00:00"), 0)

    def test_less_rounding_is_a_shorter_life_whatever_the_day_of_the_change(self):
        self.program.validity_rounding = "year"
        with freeze_time("2026-01-01 10:00:00"):
            self.program.expiry_changed_on = False
            self._buy(100)
        with freeze_time("2026-12-31 10:00:00"):
            self.program.validity_rounding = False
        self.assertEqual(self._points_on("2027-01-02 10:00:00"), 100)
        self.assertEqual(self._points_on("2028-01-01 10:00:00"), 0)

    def test_what_members_share_lasts_as_long_as_the_best_tier_says(self):
        gold = self.program.tier_ids.filtered(lambda tier: tier.name == "Gold")
        gold.extra_validity_months = 6
        self.program.tier_window = "lifetime"
        self._buy(400)
        pool = self.env["loyalty.pool"]._make(self.program, "Home")
        for card in (self.card, self._make_member("Olga Other")):
            pool._add(card, "backoffice")
        self.assertEqual(self.card.expiring_on, date(2027, 12, 30))
        self.assertEqual(self._points_on("2027-12-30 20:00:00"), 400)
        self.assertEqual(self._points_on("2027-12-31 10:00:00"), 0)
        self.assert_balanced(pool.account_id)
