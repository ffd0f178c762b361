from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestEventWords(LoyaltyCase):
    """What an event earns, on which condition and how often, as members read it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        review = cls.env.ref("loyalty_program.loyalty_event_type_review")
        cls.details = review.field_ids.grouped("name")
        cls.rule = cls.env["loyalty.event.rule"].create(
            {"program_id": cls.program.id, "event_type_id": review.id, "points": 50}
        )

    def _assert_words(self, *sentences, **values):
        self.rule.write(values)
        self.assertEqual(self.rule._list_words()[1:], list(sentences))
        self.program.invalidate_recordset(["words"])
        self.assertIn(sentences[-1], self.program.words)

    def test_an_event_says_what_it_earns(self):
        self.assertEqual(self.rule._list_words(), ["Collect 50 points for: Review."])
        self.rule.points = 1
        self.assertEqual(self.rule._list_words(), ["Collect 1 point for: Review."])

    def test_conditions_are_no_formulas(self):
        rating = {"condition_field_id": self.details["rating"].id}
        self._assert_words(
            "Only where “rating” is 4 or more.",
            condition_operator=">=",
            condition_value="4",
            **rating,
        )
        self._assert_words(
            "Only where “rating” is more than 4.", condition_operator=">"
        )
        self._assert_words("Only where “rating” is 4.", condition_operator="=")

    def test_yes_and_no(self):
        self._assert_words(
            "Only where it is “verified”.",
            condition_field_id=self.details["verified"].id,
            condition_operator="=",
            condition_value="true",
        )
        self._assert_words("Only where it is not “verified”.", condition_operator="!=")

    def test_how_often_and_when(self):
        self._assert_words("Once a month.", cap_times=1, cap_period="month")
        self._assert_words(
            "At most 3 times in all.",
            "At most 100 points in all.",
            "You can use these points after 14 days.",
            cap_times=3,
            cap_period="lifetime",
            cap_points=100,
            hold_days=14,
        )
