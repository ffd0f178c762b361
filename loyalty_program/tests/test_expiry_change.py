from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, tagged

from .common import LoyaltyCase

PROGRAM_VIEW = "loyalty.loyalty_program_view_form"


@tagged("post_install", "-at_install")
class TestExpiryChange(LoyaltyCase):
    """Who changes how long points last tells first what becomes of those that exist."""

    def _get_lots_of_two_dates(self):
        """Give points that expire soon and points that expire late."""
        self._post(40, expires_on=date(2026, 7, 15))
        self._post(60, expires_on=date(2030, 1, 1))

    def test_switching_on_gives_what_exists_a_full_new_period(self):
        with freeze_time("2020-01-01 10:00:00"):
            self._post(100)
        self._let_expire(6)
        self.assertEqual(self._open_lots(), [(date(2026, 12, 30), 100)])
        self.assertEqual(self.program.expiry_changed_on, date(2026, 6, 30))
        with freeze_time("2026-12-30 23:00:00"):
            self._run_nightly()
            self.assertEqual(self.card.points, 100)
        with freeze_time("2026-12-31 01:00:00"):
            self._run_nightly()
        self.assertEqual(self.card.points, 0)
        self.assert_balanced()

    def test_shortening_gives_what_exists_a_full_new_period(self):
        self._let_expire(24)
        self._get_lots_of_two_dates()
        self._let_expire(12)
        self.assertEqual(self._open_lots(), [(date(2027, 6, 30), p) for p in (40, 60)])

    def test_lengthening_counts_from_the_day_of_earning_and_takes_no_day(self):
        self._let_expire(12)
        with freeze_time("2026-03-31 10:00:00"):
            self._post(100)
        self._post(60, expires_on=date(2030, 1, 1))
        self._let_expire(18)
        self.assertEqual(
            self._open_lots(), [(date(2027, 9, 30), 100), (date(2030, 1, 1), 60)]
        )

    def test_pending_points_get_the_new_period_as_well(self):
        self.program.hold_days = 14
        self._buy(100)
        self._let_expire(6)
        with freeze_time("2026-07-14 10:00:00"):
            self._run_nightly()
        self.assertEqual(self._open_lots(), [(date(2026, 12, 30), 100)])

    def test_switching_off_takes_the_dates_away(self):
        self._let_expire(12)
        self._get_lots_of_two_dates()
        self._let_expire(12, "never")
        self.assertEqual(
            sorted(self._open_lots(), key=lambda lot: lot[1]),
            [(False, 40), (False, 60)],
        )

    def test_a_tier_extends_the_new_period(self):
        self._buy(400)
        self.card.tier_id.extra_validity_months = 3
        other = self._make_member("Bronze")
        self._post(10, card=other)
        self._let_expire(12)
        self.assertEqual(self._open_lots(), [(date(2027, 9, 30), 400)])
        self.assertEqual(self._open_lots(other), [(date(2027, 6, 30), 10)])

    def test_what_was_spent_already_and_another_programme_stay_as_they_are(self):
        other = self._make_member("Other", self._make_program(name="Other"))
        self._post(50, card=other)
        self._post(100)
        self._post(-30, "redeem")
        self._let_expire(12)
        self.assertEqual(self._open_lots(other), [(False, 50)])
        self.assertEqual(self._open_lots(), [(date(2027, 6, 30), 70)])
        self.assert_balanced()

    def test_saving_the_same_settings_changes_nothing(self):
        self._let_expire(12)
        self._get_lots_of_two_dates()
        lots = self._open_lots()
        self._let_expire(12)
        self.assertEqual(self._open_lots(), lots)

    def test_the_form_says_before_saving_what_becomes_of_points(self):
        self._post(1234)
        self._post(10, card=self._make_member("Second"))
        with Form(self.program, PROGRAM_VIEW) as form:
            self.assertFalse(form.expiry_note)
            form.expiry_mode = "earning"
            self.assertIn("1,244 points on 2 cards", form.expiry_note)
            self.assertIn("06/30/2027", form.expiry_note)
            form.expiry_mode = "inactivity"
            self.assertIn("with every activity", form.expiry_note)
            form.expiry_mode = "earning"
        with Form(self.program, PROGRAM_VIEW) as form:
            self.assertFalse(form.expiry_note)
            form.validity_count = 24
            self.assertIn("longer life", form.expiry_note)
            form.validity_count = 10**9
            self.assertFalse(form.expiry_note)
            form.validity_count = 12
            form.expiry_mode = "never"
            self.assertIn("not expire any more", form.expiry_note)

    def test_a_programme_without_points_needs_no_warning(self):
        with Form(self.program, PROGRAM_VIEW) as form:
            form.expiry_mode = "earning"
            self.assertFalse(form.expiry_note)

    def test_only_managers_change_the_expiry(self):
        for user in (self.loyalty_user, self.salesperson):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.program.with_user(user).expiry_mode = "earning"
