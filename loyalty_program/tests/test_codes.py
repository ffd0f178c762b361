import re

from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase
from odoo.addons.loyalty_program.engine import codes

SHAPE = re.compile(r"044(-[2-9CDFHJKMNPRTVWXY]{5}){3}")


@tagged("post_install", "-at_install")
class TestCodes(LoyaltyCase):
    """New cards have strong codes; old ones go on working."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coupons = cls._make_coupons()

    @classmethod
    def _make_coupons(cls, program_type="coupons", **values):
        return cls.env["loyalty.program"].create(
            {
                "name": "Ten off",
                "program_type": program_type,
                "trigger": "with_code",
                "applies_on": "current",
                "reward_ids": [
                    Command.create({"discount": 10, "required_points": 1}),
                ],
                **values,
            }
        )

    def _make_coupon(self, **values):
        return self.env["loyalty.card"].create(
            {"program_id": self.coupons.id, "points": 1, **values}
        )

    def _type(self, code, partner=None):
        order = self._make_order(partner or self.member)
        return order, order._try_apply_code(code)

    def test_cards_of_every_type_get_a_strong_code(self):
        programs = self.coupons | self.program | self._make_recorded_program()
        for program_type, applies_on in (
            ("gift_card", "future"),
            ("ewallet", "future"),
        ):
            programs |= self._make_coupons(
                program_type, applies_on=applies_on, trigger="auto"
            )
        for program in programs:
            with self.subTest(program.program_type):
                card = self.env["loyalty.card"].create({"program_id": program.id})
                self.assertTrue(SHAPE.fullmatch(card.code), card.code)
                self.assertFalse(codes.read(card.code).is_mistyped)

    def test_generated_coupons_get_strong_codes_that_all_differ(self):
        wizard = self.env["loyalty.generate.wizard"].create(
            {"program_id": self.coupons.id, "coupon_qty": 50}
        )
        made = wizard.generate_coupons().mapped("code")
        self.assertEqual(len(set(made)), 50)
        self.assertTrue(all(SHAPE.fullmatch(code) for code in made))

    def test_a_code_is_read_in_lower_case_with_spaces_and_without_hyphens(self):
        coupon = self._make_coupon()
        for text in (
            coupon.code,
            f"  {coupon.code.lower()} ",
            coupon.code.replace("-", " "),
            coupon.code.replace("-", "")[3:].lower(),
        ):
            with self.subTest(text):
                order, status = self._type(text)
                self.assertNotIn("error", status)
                self.assertEqual(order.applied_coupon_ids.sudo() & coupon, coupon)

    def test_a_mistyped_code_is_called_mistyped(self):
        code = self._make_coupon().code
        wrong = "2" if code[-1] != "2" else "3"
        _order, status = self._type(code[:-1] + wrong)
        self.assertIn("typing error", status["error"])

    def test_an_unknown_code_is_not_called_mistyped(self):
        for text in (codes.generate(), "SUMMER", "044f-e050-4548", "\0"):
            with self.subTest(text):
                _order, status = self._type(text)
                self.assertTrue(status["not_found"])
                self.assertNotIn("typing error", status["error"])

    def test_odoos_own_and_hand_written_codes_go_on_working(self):
        shape_of_ours = "044-22222-22222-22223"
        self.assertTrue(codes.read(shape_of_ours).is_mistyped)
        for code in ("044f-e050-4548", "Anna's birthday", "0441234567", shape_of_ours):
            with self.subTest(code):
                coupon = self._make_coupon(code=code)
                order, status = self._type(code)
                self.assertNotIn("error", status)
                self.assertEqual(order.applied_coupon_ids, coupon)

    def test_odoos_own_codes_are_read_in_upper_case_too(self):
        coupon = self._make_coupon(code="044f-e050-4548")
        order, _status = self._type("044FE0504548")
        self.assertEqual(order.applied_coupon_ids, coupon)

    def test_the_code_of_a_promotion_goes_on_working(self):
        promotion = self._make_coupons(
            "promo_code",
            rule_ids=[Command.create({"mode": "with_code", "code": "FR3NCH 10"})],
        )
        order, status = self._type("FR3NCH 10")
        self.assertNotIn("error", status)
        self.assertEqual(order.code_enabled_rule_ids, promotion.rule_ids)

    def test_an_empty_code_is_no_error_of_the_server(self):
        for text in ("", "  ", False):
            _order, status = self._type(text)
            self.assertIn("error", status)
