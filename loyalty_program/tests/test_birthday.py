from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestBirthday(LoyaltyCase):
    """A gift for the birthday: once a year, with consent, on time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write({"birthday_points": 20, "birthday_days_before": 14})
        cls.card.sudo().joined_on = "2026-01-01"
        cls._tell(date(1990, 7, 10))

    @classmethod
    def _tell(cls, born, partner=None):
        (partner or cls.member).write(
            {"loyalty_birth_date": born, "loyalty_birth_consent": True}
        )

    def _bonuses(self, card=None):
        return [points for kind, points in self._story(card=card) if kind == "bonus"]

    def _nights(self, *days):
        """Run the nights and return how many gifts there are after each."""
        counts = []
        for day in days:
            with freeze_time(f"{day} 03:00:00"):
                self._run_nightly()
            counts.append(len(self._bonuses()))
        return counts

    def test_it_comes_two_weeks_before_and_once_a_year(self):
        self.assertEqual(
            self._nights("2026-06-25", "2026-06-26", "2026-06-27", "2026-07-10"),
            [0, 1, 1, 1],
        )
        self.assertEqual(self._nights("2027-06-25", "2027-06-26"), [1, 2])
        entry = self._entries()[-1]
        self.assertEqual((entry.points, entry.tier_date), (20, False))
        self.assertEqual(entry.breakdown_text, "A gift for the birthday.")
        self.assert_balanced()

    def test_a_night_that_was_missed_is_made_up_for(self):
        self.assertEqual(self._nights("2026-07-17"), [1])

    def test_too_late_is_too_late(self):
        self.assertEqual(self._nights("2026-07-18"), [0])

    def test_a_leap_day_is_celebrated_every_year(self):
        self.program.birthday_days_before = 0
        self._tell(date(1992, 2, 29))
        self.assertEqual(self._nights("2027-02-27", "2027-02-28"), [0, 1])
        self.assertEqual(self._nights("2028-02-28", "2028-02-29"), [1, 2])

    def test_a_changed_date_does_not_pay_twice(self):
        self.assertEqual(self._nights("2026-06-27"), [1])
        self._tell(date(1990, 9, 1))
        self.assertEqual(self._nights("2026-08-25"), [1])
        # Nor across the end of the year.
        self._tell(date(1990, 1, 5))
        self.assertEqual(self._nights("2026-12-28"), [1])
        self.assertEqual(self._nights("2028-01-02"), [2])

    def test_without_consent_nothing_is_kept_and_nothing_given(self):
        with self.assertRaises(ValidationError):
            self._make_partner(loyalty_birth_date="1990-07-10")
        self.member.loyalty_birth_consent = False
        self.assertFalse(self.member.loyalty_birth_date)
        self.assertFalse(self.member.loyalty_birth_consent_on)
        self.assertEqual(self._nights("2026-06-27"), [0])

    def test_who_joined_lately_waits(self):
        self.program.birthday_member_days = 30
        self.card.sudo().joined_on = "2026-06-10"
        self.assertEqual(self._nights("2026-07-09", "2026-07-10"), [0, 1])

    def test_the_tier_adds_its_own(self):
        self.env["loyalty.tier.benefit"].create(
            {
                "tier_id": self.card.tier_id.id,
                "kind": "birthday_gift",
                "gift_points": 30,
            }
        )
        self._nights("2026-06-27", "2026-06-28")
        self.assertEqual(sorted(self._bonuses()), [20, 30])

    def test_a_date_that_cannot_be_is_refused(self):
        for born in (date(1850, 1, 1), date(2030, 1, 1)):
            with self.assertRaises(ValidationError):
                self._tell(born)

    def test_today_is_the_companys_wherever_staff_are(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        member = self.member.with_context(tz="America/New_York")
        with freeze_time("2026-06-30 13:00:00"):
            self._tell(date(2026, 7, 1), member)
        self.company.partner_id.tz = "America/New_York"
        member = self.member.with_context(tz="Pacific/Auckland")
        with freeze_time("2026-06-30 13:00:00"), self.assertRaises(ValidationError):
            self._tell(date(2026, 7, 1), member)

    def test_only_loyalty_users_see_the_date(self):
        self.assertEqual(
            self.member.with_user(self.loyalty_user).loyalty_birth_date,
            date(1990, 7, 10),
        )
        with self.assertRaises(AccessError):
            self.member.with_user(self.salesperson).read(["loyalty_birth_date"])

    def test_an_erased_member_is_forgotten_to_be_born(self):
        self.card.with_user(self.manager)._erase(with_contact=False)
        self.assertFalse(self.member.loyalty_birth_date)
        other = self._make_member("Olga Other")
        partner = other.partner_id
        self._tell(date(1980, 1, 1), partner)
        other.with_user(self.manager)._erase(with_contact=True)
        self.assertFalse(partner.loyalty_birth_date)
        self.assertFalse(partner.loyalty_birth_consent)
