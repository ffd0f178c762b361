from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import LoyaltyCase

BAD = (float("nan"), float("inf"), -float("inf"), 1e300, 2**60, "many", [1])


@tagged("post_install", "-at_install")
class TestBadSettings(LoyaltyCase):
    """What a programme computes with is a number: nothing else is stored."""

    def _list_numbers(self, model):
        return [
            name
            for name, field in model._fields.items()
            if field.type in ("float", "integer", "monetary")
            and field.store
            and not field.readonly
        ]

    def _make_settings(self):
        """Return a record of each model that settings are made of."""
        tier = self.program.tier_ids[-1]
        coupons = self.env["loyalty.program"].create(
            {"name": "Coupons", "program_type": "coupons"}
        )
        return [
            self.program,
            self.program.rule_ids[0],
            self.program.reward_ids[0],
            tier,
            self.env["loyalty.tier.benefit"].create(
                {"tier_id": tier.id, "kind": "entry_gift", "gift_points": 5}
            ),
            self.env["loyalty.event.rule"].create(
                {
                    "program_id": self.program.id,
                    "event_type_id": self.env.ref(
                        "loyalty_program.loyalty_event_type_review"
                    ).id,
                    "points": 50,
                }
            ),
            self.env["loyalty.mail"].create(
                {
                    "program_id": self.program.id,
                    "trigger": "points_reach",
                    "points": 1,
                    "mail_template_id": self.env.ref(
                        "loyalty.mail_template_loyalty_card"
                    ).id,
                }
            ),
            self.env["loyalty.coupon.batch"].create(
                {"program_id": coupons.id, "name": "Fair", "quantity": 1}
            ),
        ]

    def test_what_is_no_number_is_refused_by_name(self):
        tried = 0
        for record in self._make_settings():
            names = self._list_numbers(record)
            self.assertTrue(names, record._name)
            for name in names:
                for value in BAD:
                    with (
                        self.subTest(model=record._name, field=name, value=value),
                        self.assertRaisesRegex(ValidationError, "takes a number"),
                    ):
                        record.write({name: value})
                    tried += 1
        self.assertGreater(tried, 300)

    def test_nor_is_it_stored_with_a_new_programme(self):
        values = self.env["loyalty.program"]._prepare_membership_values()
        count = self.env["loyalty.program"].search_count([])
        for name, value in (("hold_days", float("nan")), ("adjust_limit", 1e300)):
            with self.subTest(name=name), self.assertRaises(ValidationError):
                self.env["loyalty.program"].create({**values, name: value})
        commands = [(0, 0, {**values["rule_ids"][0][2], "reward_point_amount": 1e300})]
        with self.assertRaises(ValidationError):
            self.env["loyalty.program"].create({**values, "rule_ids": commands})
        self.assertEqual(self.env["loyalty.program"].search_count([]), count)
        self.assertEqual(self._entries(self._buy(50)).points, 50)

    def test_a_whole_number_has_no_fraction(self):
        for value in ("3.5", 3.5):
            with (
                self.subTest(value=value),
                self.assertRaisesRegex(ValidationError, "takes a whole number"),
            ):
                self.program.write({"hold_days": value})
        self.program.write({"hold_days": "3"})
        self.assertEqual(self.program.hold_days, 3)
