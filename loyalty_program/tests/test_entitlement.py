from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestEntitlement(LoyaltyCase):
    """Members may have something so many times a year; staff count it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bronze, cls.silver = cls.program.tier_ids.sorted("threshold")[:2]
        cls.tour = cls._make_entitlement("Tour")
        cls.benefit = cls._allow(cls.bronze, cls.tour, 2)

    @classmethod
    def _make_entitlement(cls, name, **values):
        return cls.env["loyalty.entitlement"].create(
            {"name": name, "program_id": cls.program.id, **values}
        )

    @classmethod
    def _allow(cls, tier, entitlement, count):
        return cls.env["loyalty.tier.benefit"].create(
            {
                "tier_id": tier.id,
                "kind": "entitlement",
                "entitlement_id": entitlement.id,
                "entitlement_count": count,
            }
        )

    def _take(self, user=None, **values):
        wizard = self.env["loyalty.entitlement.take"].with_user(
            user or self.loyalty_user
        )
        wizard.create(
            {"card_id": self.card.id, "entitlement_id": self.tour.id, **values}
        ).action_take()
        return self.card.entitlement_use_ids[:1]

    def _left(self):
        self.env.invalidate_all()
        return self.card.entitlement_words

    def test_the_day_is_the_programmes_wherever_staff_are(self):
        self.loyalty_user.tz = "Pacific/Auckland"
        with freeze_time("2026-06-30 14:00:00"):
            use = self._take()
        self.assertEqual(str(use.taken_on), "2026-06-30")

    def test_staff_take_one_and_see_what_is_left(self):
        self.assertEqual(self._left(), "Tour: 2 of 2 left")
        use = self._take(note="Saturday")
        self.assertEqual(self._left(), "Tour: 1 of 2 left")
        self.assertEqual(
            (use.taken_by_id, use.note, use.number), (self.loyalty_user, "Saturday", 1)
        )
        self._take()
        self.assertEqual(self._left(), "Tour: 0 of 2 left")
        with self.assertRaisesRegex(UserError, "none left"):
            self._take()

    def test_a_mistake_is_undone_and_stays_on_record(self):
        use = self._take()
        self._take()
        use.with_user(self.loyalty_user).action_undo()
        self.assertEqual(self._left(), "Tour: 1 of 2 left")
        self.assertEqual(use.undone_by_id, self.loyalty_user)
        self._take()
        self.assertEqual(self._left(), "Tour: 0 of 2 left")
        self.assertEqual(len(self.card.entitlement_use_ids), 3)

    def test_a_new_year_begins_anew(self):
        self._take()
        with freeze_time("2027-01-01 10:00:00"):
            self.assertEqual(self._left(), "Tour: 2 of 2 left")
            # What was forgotten counts in its own year.
            self._take(day="2026-12-31")
            self.assertEqual(self._left(), "Tour: 2 of 2 left")
            with self.assertRaises(UserError):
                self._take(day="2026-12-30")

    def test_the_year_of_a_member_who_joined_on_a_leap_day(self):
        self.tour.period = "anniversary"
        self.card.sudo().joined_on = "2024-02-29"
        with freeze_time("2027-02-27 10:00:00"):
            self._take()
            self.assertEqual(self._left(), "Tour: 1 of 2 left")
        with freeze_time("2027-02-28 10:00:00"):
            self.assertEqual(self._left(), "Tour: 2 of 2 left")

    def test_a_higher_tier_goes_on_counting(self):
        self._allow(self.silver, self.tour, 4)
        self._take()
        self._buy(150)
        self.assertEqual(self._left(), "Tour: 3 of 4 left")
        self.card.sudo().tier_id = False
        self.assertFalse(self._left())
        with self.assertRaises(UserError):
            self._take()

    def test_days_outside_the_membership_are_refused(self):
        for day in ("2026-07-01", "2026-06-29"):
            with self.subTest(day), self.assertRaisesRegex(UserError, "between"):
                self._take(day=day)

    def test_who_is_frozen_waits(self):
        self.card.sudo().member_state = "frozen"
        with self.assertRaises(UserError):
            self._take()

    def test_rights(self):
        with self.assertRaises(AccessError):
            self._take(user=self.salesperson)
        use = self._take()
        for act in (
            lambda: use.with_user(self.manager).write({"note": "x"}),
            lambda: use.with_user(self.manager).unlink(),
            lambda: use.with_user(self.salesperson).action_undo(),
            lambda: use.with_user(self.manager).create({"card_id": self.card.id}),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_another_programmes_and_no_times_are_refused(self):
        other = self._make_program(name="Other")
        foreign = self._make_entitlement("Foreign", program_id=other.id)
        with self.assertRaisesRegex(UserError, "another programme"):
            self._allow(self.bronze, foreign, 1)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._allow(self.bronze, self.tour, 0)

    def test_the_customer_reads_it(self):
        self.assertEqual(self.benefit.description, "Tour: 2 per calendar year.")
