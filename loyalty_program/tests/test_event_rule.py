from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.loyalty_program.tests.test_event_record import EventCase


@tagged("post_install", "-at_install")
class TestEventRule(EventCase):
    def test_a_condition_looks_at_the_details(self):
        self.rule.write(
            {
                "condition_field_id": self._detail("rating").id,
                "condition_operator": ">=",
                "condition_value": "4",
            }
        )
        self.assertEqual(self._review("r1", rating=3).points, 0)
        self.assertEqual(self._review("r2", rating=4).points, 50)

    def test_a_number_among_the_details_multiplies(self):
        self.rule.write(
            {
                "points": 2.5,
                "mode": "value",
                "value_field_id": self._detail("rating").id,
            }
        )
        event = self._review("r1", rating=3)
        self.assertEqual(event.points, 7)
        self.assertEqual(
            self._entries(event).breakdown_text,
            "2.5 for each of 3 = 7.5. Rounded down to 7.",
        )

    def test_a_member_gets_points_so_many_times_a_month(self):
        self.rule.write({"cap_times": 2, "cap_period": "month"})
        days = ("2026-06-30", "2026-06-30", "2026-06-30")
        given = [
            self._review(f"r{n}", occurred_at=day).points for n, day in enumerate(days)
        ]
        self.assertEqual(given, [50, 50, 0])
        with freeze_time("2026-07-01 10:00:00"):
            self.assertEqual(self._review("r9").points, 50)

    def test_the_last_points_below_a_limit_are_given(self):
        self.rule.write({"cap_points": 80, "cap_period": "lifetime"})
        given = [self._review(key) for key in ("r1", "r2", "r3")]
        self.assertEqual([event.points for event in given], [50, 30, 0])
        text = self._entries(given[1]).breakdown_text
        self.assertEqual(text, "50 for the event. The limit of the rule leaves 30.")

    def test_the_limits_of_a_rule_are_told_in_words(self):
        self.rule.write(
            {
                "condition_field_id": self._detail("rating").id,
                "condition_operator": ">=",
                "condition_value": "4",
                "cap_times": 2,
                "cap_points": 80,
                "cap_period": "month",
            }
        )
        told = (
            "Only where “rating” is 4 or more. At most 2 times a month. "
            "At most 80 points a month."
        )
        self.assertEqual(self.rule.limits, told)

    def test_a_limit_is_each_members_own(self):
        self.rule.cap_times = 1
        other = self._make_member("Otto Other")
        self._review("r1")
        self.assertEqual(self._review("r2", other.partner_id).points, 50)

    def test_two_rules_of_two_programmes_both_give(self):
        second = self._make_program(name="Second")
        card = second._enrol(self.member, "backoffice", True)
        self._make_rule(points=7, program_id=second.id)
        answer = self._review("r1")._get_answer()
        self.assertEqual(answer["points"], 57)
        self.assertEqual(
            {award["member_number"] for award in answer["awards"]},
            {self.card.member_number, card.member_number},
        )
        self.assertEqual((self.card.points, card.points), (50, 7))

    def test_an_archived_rule_gives_nothing(self):
        self.rule.active = False
        self.assertFalse(self._review("r1").points)

    def test_rules_that_make_no_sense_are_refused(self):
        rating = self._detail("rating").id
        for values in (
            {"mode": "value"},
            {"mode": "value", "value_field_id": self._detail("subject").id},
            {"condition_field_id": rating, "condition_value": "many"},
            {"condition_field_id": rating, "condition_value": "4.5"},
            {"condition_field_id": rating, "condition_value": "9"},
            {"event_type_id": self.other.id, "condition_field_id": rating},
            {"program_id": self._make_recorded_program().id},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._make_rule(**{"points": 5, **values})

    def test_rules_that_take_or_give_the_absurd_are_refused(self):
        for values in (
            {"points": 0},
            {"points": -5},
            {"points": 1e10},
            {"cap_points": -1},
            {"hold_days": -1},
        ):
            with self.subTest(values=values), self.assert_refused_by_sql():
                self.rule.write(values)
                self.env.flush_all()
            self.env.invalidate_all()

    def test_a_detail_that_a_rule_looks_at_goes_on_fitting(self):
        rating = self._detail("rating")
        self.rule.write(
            {
                "condition_field_id": rating.id,
                "condition_operator": ">=",
                "condition_value": "4",
            }
        )
        by_value = self._make_rule(mode="value", value_field_id=rating.id)
        for changed in ({"maximum": "3"}, {"kind": "text"}, {"kind": "boolean"}):
            with (
                self.subTest(changed=changed),
                self.assertRaisesRegex(ValidationError, "looks at this detail"),
                self.env.cr.savepoint(),
            ):
                rating.write(changed)
        (self.rule | by_value).active = False
        rating.kind = "text"
        with self.assertRaises(ValidationError):
            by_value.active = True

    def test_a_type_goes_on_having_the_value_that_a_rule_multiplies(self):
        self._make_rule(self.other, points=2, mode="value")
        with self.assertRaisesRegex(ValidationError, "no such number"):
            self.other.takes_value = False

    def test_two_rules_together_fill_a_stamp_card_once(self):
        stamps = self._make_program(name="Stamps")
        stamps.reward_ids.required_points = 5
        stamps.write({"shows_stamps": True, "stamp_surplus": "dropped"})
        card = stamps._enrol(self.member, "backoffice", True)
        for _number in range(2):
            self._make_rule(points=3, program_id=stamps.id)
        self._review("r1")
        self.assertEqual(card.points, 5)

    def test_a_type_that_a_shop_makes_is_checked_as_the_others_are(self):
        self.env["loyalty.event.type"].create(
            {
                "name": "Test drive",
                "code": "test_drive",
                "field_ids": [
                    Command.create({"name": "day", "kind": "date", "required": True}),
                    Command.create(
                        {"name": "car", "kind": "choice", "choices": "van, coupé"}
                    ),
                ],
            }
        )
        payload = {"day": "2026-06-29", "car": "coupé"}
        event = self.events._record("test_drive", self.member, "t1", payload=payload)
        self.assertEqual(event.payload, payload)
        for bad in ({"day": "June"}, {"day": "2026-06-29", "car": "bus"}):
            with self.assertRaises(ValidationError):
                self.events._record("test_drive", self.member, "t2", payload=bad)

    def test_types_and_fields_that_make_no_sense_are_refused(self):
        for values in (
            {"code": "Test Drive"},
            {"code": "drive", "field_ids": [{"name": "x y", "kind": "text"}]},
            {"code": "drive", "field_ids": [{"name": "x", "kind": "choice"}]},
            {
                "code": "drive",
                "field_ids": [{"name": "x", "kind": "number", "minimum": "few"}],
            },
            {
                "code": "drive",
                "field_ids": [
                    {"name": "x", "kind": "number", "minimum": "5", "maximum": "1"}
                ],
            },
        ):
            details = [Command.create(vals) for vals in values.pop("field_ids", [])]
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.env["loyalty.event.type"].create(
                    {"name": "Drive", **values, "field_ids": details}
                )

    def test_the_code_of_a_type_stays_once_it_was_used(self):
        self._review("r1")
        with self.assertRaisesRegex(ValidationError, "its code stays"):
            self.review.code = "rating"
