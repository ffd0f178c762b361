from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .stock_common import StockTooTill
from odoo.addons.loyalty_program.tests.stock_common import on_stock


@tagged("post_install", "-at_install")
class TestStockDefects(StockTooTill):
    """One test for each defect of stock's till, by its number in stock-defects.md."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = cls.program.reward_ids.sorted("required_points")[0]

    def _sell_with_reward(self):
        return self._sell(
            self.member, self._line(self.record), self._reward_line(self.reward, 5)
        )

    @on_stock("'50 points are owed now' not found in")
    def test_defect_01_points_spent_at_two_tills_are_owed_not_lost(self):
        self._give(100)
        first, second = self._sell_with_reward(), self._sell_with_reward()
        for order in (first, second):
            self._confirm(order, card=self.card, points=-75)
            self.assertEqual(order.state, "paid")
        self.assertEqual(self.card.points, 100 - 200 + 25 + 25)
        owed = " ".join(second.message_ids.mapped("body"))
        self.assertIn("50 points are owed now", owed)
        for order in (first, second):
            spent = self._entries(order).filtered(lambda e: e.entry_type == "redeem")
            self.assertEqual(spent.points, -100)
        owed = self.env["loyalty.lot"].search(
            [("card_id", "=", self.card.id), ("remaining", "<", 0)]
        )
        self.assertEqual(sum(owed.mapped("remaining")), self.card.points)

    def test_defect_01_points_spent_on_a_sales_order_are_not_spent_at_the_till(self):
        self._give(100)
        order = self.env["sale.order"].sudo().create({"partner_id": self.member.id})
        order.order_line = [
            Command.create({"product_id": self.record.id, "price_unit": 30})
        ]
        order._update_programs_and_rewards()
        order._apply_program_reward(self.reward, self.card)
        order.action_confirm()
        left = self.card.points
        answer = (
            self.env["pos.order"]
            .with_user(self.cashier)
            .validate_coupon_programs({str(self.card.id): -100}, [])
        )
        self.assertLess(left, 100)
        self.assertFalse(answer["successful"])

    @on_stock("'044.*' not found in")
    def test_defect_01_a_gift_card_spent_twice_is_a_case_for_the_manager(self):
        gift = self._make_gift_card(50)
        for _till in range(2):
            order = self._sell(self.stranger, self._line(self.record))
            self._confirm(order, card=gift, points=-50, code=gift.code)
        self.assertEqual(gift.points, -50)
        told = " ".join(order.message_ids[:1].mapped("body"))
        self.assertIn(gift.code, told)
        self.assertIn("50", told)

    def _make_gift_card(self, points):
        program = self.env["loyalty.program"].create(
            {
                "name": "Gift cards",
                "program_type": "gift_card",
                "applies_on": "future",
                "trigger": "auto",
                "currency_id": self.till.currency_id.id,
                "reward_ids": [
                    Command.create({"discount_mode": "per_point", "discount": 1})
                ],
            }
        )
        return self.env["loyalty.card"].create(
            {"program_id": program.id, "points": points}
        )

    @on_stock("100.0 != 25")
    def test_defect_02_points_are_booked_with_the_sale_and_need_no_second_call(self):
        self._give(100)
        order = self._sell_with_reward()
        self.assertEqual(self.card.points, 25)
        self.assertEqual(
            sorted(self._entries(order).mapped("points")), [-100, 25], "one call only"
        )
        self._confirm(order, card=self.card, points=-75)
        order.action_pos_order_paid()
        self.assertEqual(self.card.points, 25)

    @on_stock("60.0 != 0")
    def test_defect_03_a_refund_at_the_till_takes_the_points_back(self):
        order = self._sell(self.member, self._line(self.record, 2))
        self._confirm(order, card=self.card, points=60)
        self.assertEqual(self.card.points, 60)
        self._refund(order, 2)
        self.assertEqual(self.card.points, 0)

    @on_stock("1000000.0 != 30")
    def test_defect_08_the_till_does_not_decide_the_points(self):
        order = self._sell(self.member, self._line(self.record))
        for wish in (1e6, -1e6):
            with self.subTest(wish):
                self._confirm(order, card=self.card, points=wish)
                self.assertEqual(self.card.points, 30)
        for wish in (1e308, float("inf"), float("nan")):
            with self.subTest(wish):
                with self.assertRaisesRegex(UserError, "is no number of points"):
                    self._confirm(order, card=self.card, points=wish)
                self.assertEqual(self.card.points, 30)

    def test_defect_12_the_same_sale_confirmed_twice_makes_one_card(self):
        recorded = self.env["loyalty.program"].create(
            {
                "name": "Recorded",
                "program_type": "loyalty",
                "trigger": "auto",
                "applies_on": "both",
                "rule_ids": [Command.create({"reward_point_mode": "money"})],
            }
        )
        order = self._sell(self.stranger, self._line(self.record))
        for _time in range(2):
            order.with_user(self.cashier).confirm_coupon_programs(
                {
                    "-1": {
                        "points": 30,
                        "program_id": recorded.id,
                        "coupon_id": -1,
                        "partner_id": self.stranger.id,
                    }
                }
            )
        self.assertEqual(recorded.coupon_ids.mapped("points"), [30])

    @on_stock("400.0 != 500")
    def test_pain_12_nobody_spends_the_points_of_another(self):
        self._give(500)
        order = self._sell(
            self.stranger,
            self._line(self.record),
            self._reward_line(self.reward, 5, card=self.card),
        )
        self._confirm(order, card=self.card, points=-100)
        self.assertEqual(self.card.points, 500)
