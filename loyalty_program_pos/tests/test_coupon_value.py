import logging

from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCase

LOGGER = "odoo.addons.loyalty_program_pos"


@tagged("post_install", "-at_install")
class TestCouponValue(TillCase):
    """Coupons for the next order get what the sale earns, whatever the till says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coupons = cls.env["loyalty.program"].create(
            {
                "name": "Come again",
                "program_type": "next_order_coupons",
                "applies_on": "future",
                "trigger": "auto",
                "currency_id": cls.till.currency_id.id,
                "rule_ids": [Command.create({"minimum_amount": 50})],
                "reward_ids": [
                    Command.create({"reward_type": "discount", "discount": 15})
                ],
            }
        )

    def _confirm(self, order, *wishes):
        """Say what a till says after the sale: (card or number, points)."""
        data = {}
        for card, points in wishes:
            key = card if isinstance(card, int) else card.id
            values = {"points": points, "program_id": self.coupons.id}
            data[str(key)] = {**values, "coupon_id": key}
        order.with_user(self.cashier).confirm_coupon_programs(data)

    def _confirm_wrong(self, order, *wishes):
        with self.assertLogs(LOGGER, logging.INFO):
            self._confirm(order, *wishes)
        self.assertIn("Please check", order.message_ids[0].body)

    def _made(self):
        return self.coupons.coupon_ids.mapped("points")

    def _notes(self, order):
        return " ".join(order.message_ids.mapped("body"))

    def test_what_was_earned_is_believed_without_a_word(self):
        order = self._sell(self.member, self._line(self.record, 2))
        self._confirm(order, (-1, 1))
        self.assertEqual(self._made(), [1])
        self.assertNotIn("Please check", self._notes(order))

    def test_a_coupon_gets_no_more_than_was_earned(self):
        order = self._sell(self.member, self._line(self.record, 2))
        self._confirm_wrong(order, (-1, 500))
        self.assertEqual(self._made(), [1])

    def test_no_second_coupon_is_made(self):
        order = self._sell(self.member, self._line(self.record, 2))
        self._confirm_wrong(order, (-1, 1), (-2, 1))
        self.assertEqual(self._made(), [1])

    def test_a_sale_that_earns_none_makes_none(self):
        order = self._sell(self.member, self._line(self.record))
        self._confirm_wrong(order, (-1, 1))
        self.assertFalse(self.coupons.coupon_ids)

    def test_a_discount_does_not_take_the_coupon_away(self):
        discount = self._line(self.record, 1, price=-20, is_reward_line=True)
        order = self._sell(self.member, self._line(self.record, 2), discount)
        self._confirm(order, (-1, 1))
        self.assertEqual(self._made(), [1])

    def test_a_rule_with_a_code_wants_the_code(self):
        self.coupons.rule_ids.write({"mode": "with_code", "code": "AGAIN"})
        for codes, made in (("OTHER", []), ("AGAIN", [1])):
            order = self._sell(
                self.member, self._line(self.record, 2), loyalty_codes=codes
            )
            self._confirm(order, (-1, 1))
            self.assertEqual(self._made(), made)

    def test_every_piece_may_have_its_coupon(self):
        self.coupons.rule_ids.write(
            {"reward_point_mode": "unit", "reward_point_split": True}
        )
        order = self._sell(self.member, self._line(self.record, 2))
        self._confirm_wrong(order, (-1, 1), (-2, 1), (-3, 1))
        self.assertEqual(self._made(), [1, 1])

    def test_a_coupon_that_paid_is_used_whatever_the_till_says(self):
        for wish in (0, 5, -1):
            with self.subTest(wish):
                coupon = self.env["loyalty.card"].create(
                    {"program_id": self.coupons.id, "points": 1}
                )
                line = self._reward_line(self.coupons.reward_ids, 3, card=coupon)
                order = self._sell(self.member, self._line(self.record, 2), line)
                self._confirm(order, (coupon, wish))
                self.assertEqual(coupon.points, 0)

    def test_a_coupon_that_paid_nothing_gets_nothing(self):
        coupon = self.env["loyalty.card"].create(
            {"program_id": self.coupons.id, "points": 1}
        )
        order = self._sell(self.member, self._line(self.record, 2))
        self._confirm_wrong(order, (coupon, 3))
        self.assertEqual(coupon.points, 1)
