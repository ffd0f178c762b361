from datetime import UTC, datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged

from odoo.addons.loyalty_program.tests.common import NOW, LoyaltyCase


@freeze_time(NOW)
class EventCase(LoyaltyCase):
    """A programme that gives 50 points for a review."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.events = cls.env["loyalty.event"]
        cls.review = cls.env.ref("loyalty_program.loyalty_event_type_review")
        cls.other = cls.env.ref("loyalty_program.loyalty_event_type_custom")
        cls.rule = cls._make_rule(points=50)

    @classmethod
    def _make_rule(cls, kind=None, **values):
        return cls.env["loyalty.event.rule"].create(
            {
                "program_id": cls.program.id,
                "event_type_id": (kind or cls.review).id,
                **values,
            }
        )

    def _detail(self, name, kind=None):
        details = (kind or self.review).field_ids
        return details.filtered(lambda detail: detail.name == name)

    def _review(self, key, partner=None, rating=5, **facts):
        facts = {"payload": {"rating": rating}, "source": "test", **facts}
        return self.events._record("review", partner or self.member, key, **facts)

    def _count(self):
        entries = self.env["loyalty.ledger.entry"].search_count([])
        return self.events.search_count([]), entries


@tagged("post_install", "-at_install")
class TestEventRecord(EventCase):
    def test_an_event_gives_the_points_of_its_rule(self):
        event = self._review("r1")
        self.assertEqual(self.card.points, 50)
        entry = self._entries(event)
        self.assertEqual((entry.entry_type, entry.points), ("bonus", 50))
        self.assertEqual(entry.origin_display, event.display_name)
        self.assertFalse(entry.tier_date)
        self.assertEqual(entry.breakdown_text, "50 for the event.")
        self.assert_balanced()

    def test_details_are_told_as_people_write_them(self):
        details = {"rating": 5, "subject": "Fine", "verified": False}
        event = self._review("r1", payload=details)
        self.assertEqual(event.payload_text, "rating: 5, subject: Fine, verified: no")

    def test_the_same_key_posts_once_and_answers_the_same(self):
        first = self._review("r1")
        answer = first._get_answer()
        again = self._review("r1")
        self.assertEqual(again, first)
        self.assertEqual(again._get_answer(), answer)
        self.assertEqual(self.card.points, 50)

    def test_the_same_key_with_other_content_is_an_error_that_says_so(self):
        moment = datetime(2026, 6, 29, 12)
        self._review("r1", occurred_at=moment)
        stranger = self._make_member("Otto Other").partner_id
        before = self._count()
        for changed in (
            {"rating": 4},
            {"partner": stranger},
            {"occurred_at": moment - timedelta(hours=1)},
            {"payload": {"rating": 5, "verified": True}},
        ):
            with self.assertRaisesRegex(ValidationError, "used before"):
                self._review("r1", **changed)
        self.assertEqual(self._count(), before)

    def test_a_key_belongs_to_its_source(self):
        self._review("r1", source="shop")
        self._review("r1", source="forum")
        self.assertEqual(self.card.points, 100)

    def test_who_is_no_member_is_refused(self):
        partner = self._make_partner("Nobody")
        with self.assertRaisesRegex(ValidationError, "no such member"):
            self._review("r1", partner)
        self.assertFalse(partner.exists().loyalty_member_card_ids)

    def test_who_left_is_no_member(self):
        self.card._leave()
        with self.assertRaisesRegex(ValidationError, "no such member"):
            self._review("r1")

    def test_bad_input_records_and_posts_nothing(self):
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        before = self._count()
        for facts in (
            {"payload": {}},
            {"payload": {"rating": 9}},
            {"payload": {"rating": float("nan")}},
            {"payload": {"rating": 5, "stars": 5}},
            {"payload": ["rating", 5]},
            {"value": 3},
            {"occurred_at": tomorrow},
            {"occurred_at": "yesterday"},
            {"occurred_at": 17},
            {"occurred_at": "0001-01-01T00:00:00+14:00"},
            {"source": ""},
            {"source": "\0"},
            {"points": 1000},
            {"key": ""},
            {"key": "x" * 500},
            {"key": 7},
            {"key": "\ud800"},
        ):
            with self.subTest(facts=facts), self.assertRaises(ValidationError):
                self._review(facts.pop("key", "bad"), **facts)
        self.assertEqual(self._count(), before)

    def test_an_unknown_type_is_refused(self):
        for code in ("walk", "", None, 5, "review\0"):
            with self.assertRaisesRegex(ValidationError, "no type of event"):
                self.events._record(code, self.member, "k")

    def test_a_value_is_a_number_that_can_be(self):
        self._make_rule(self.other, points=2, mode="value")
        odd = (float("nan"), float("inf"), 1e300, -1, True, "many", [1], "1_0")
        for value in (*odd, [0, [5], 0]):
            with self.subTest(value=value), self.assertRaises(ValidationError):
                self._record_other("k", value)
        self._record_other("k", "4.5")
        self.assertEqual(self.card.points, 9)

    def _record_other(self, key, value=None, **payload):
        return self.events._record(
            "custom", self.member, key, value=value, payload={"name": "walk", **payload}
        )

    def test_a_value_of_many_digits_is_known_again(self):
        digits = "0.12345678901234567891"
        first = self._record_other("k", digits)
        self.assertEqual(self._record_other("k", digits), first)
        with self.assertRaisesRegex(ValidationError, "used before"):
            self._record_other("k", "0.124")

    def test_more_points_than_anybody_may_get_are_refused(self):
        self._make_rule(self.other, points=1000, mode="value")
        before = self._count()
        with self.assertRaisesRegex(ValidationError, "more points than anybody"):
            self._record_other("k", 1e12)
        self.assertEqual(self._count(), before)

    def test_a_moment_with_an_offset_is_read_as_utc(self):
        event = self._review("r1", occurred_at="2026-06-30T11:30:00+02:00")
        self.assertEqual(event.occurred_at, datetime(2026, 6, 30, 9, 30))
        aware = datetime(2026, 6, 30, 9, 30, tzinfo=UTC)
        self.assertEqual(self._review("r1", occurred_at=aware), event)

    def test_the_points_are_pending_where_the_rule_says_so(self):
        self.rule.hold_days = 14
        self._review("r1")
        self.assertEqual((self.card.points, self.card.points_pending), (0, 50))

    def test_the_points_count_for_the_tier_where_the_rule_says_so(self):
        self.program.tier_metric = "points"
        self.rule.write({"points": 150, "counts_for_tier": True})
        self._review("r1")
        self.assertEqual(self.card.tier_id.name, "Silver")

    def test_what_happened_before_joining_earns_nothing(self):
        self.assertFalse(self._review("r1", occurred_at="2026-06-01").points)
        self.assertFalse(self._entries())

    def test_what_happened_outside_of_the_programmes_run_earns_nothing(self):
        self.program.date_from = "2026-07-01"
        self.assertFalse(self._review("r1").points)

    def test_what_is_told_late_earns_by_its_own_day(self):
        self.program.date_to = "2026-06-10"
        self.company.fiscalyear_lock_date = "2026-06-15"
        self.card.joined_on = "2026-01-01"
        event = self._review("r1", occurred_at="2026-06-09")
        self.assertEqual(event.points, 50)
        self.assertEqual(str(self._entries(event).occurred_at.date()), "2026-06-16")
        self.assertFalse(self._review("r2", occurred_at="2026-06-11").points)

    def test_the_events_of_another_company_stay_there(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.program.company_id = self.company
        with self.assertRaisesRegex(ValidationError, "no such member in Other"):
            self.events.with_company(company)._record(
                "review", self.member, "r1", payload={"rating": 5}
            )

    def test_nobody_writes_events_but_the_service(self):
        event = self._review("r1").with_user(self.manager)
        for act in (
            lambda: event.write({"value": 5}),
            event.unlink,
            lambda: event.create({"key": "k"}),
            lambda: event.award_ids.write({"points": 500}),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_a_salesperson_does_not_read_events(self):
        event = self._review("r1")
        with self.assertRaises(AccessError):
            event.with_user(self.salesperson).read(["payload"])
        self.assertEqual(event.with_user(self.loyalty_user).points, 50)

    def test_only_managers_set_rules(self):
        with self.assertRaises(AccessError):
            self.rule.with_user(self.loyalty_user).points = 500
        self.rule.with_user(self.manager).points = 60

    def test_forgotten_details_leave_the_points(self):
        event = self._review("r1", payload={"rating": 5, "subject": "My own name"})
        event._forget_details()
        self.assertFalse(event.payload)
        self.assertEqual(event.points, 50)
