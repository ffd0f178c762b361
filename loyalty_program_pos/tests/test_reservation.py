from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .stock_common import StockTooTill
from odoo.addons.loyalty_program.tests.stock_common import on_stock


@tagged("post_install", "-at_install")
class TestReservation(StockTooTill):
    """A till that was told "yes" finds the points there when its sale arrives."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = cls.program.reward_ids.sorted("required_points")[0]

    def _make_sale(self):
        return self._order_values(
            self.member, self._line(self.record), self._reward_line(self.reward, 5)
        )

    def _ask(self, sale=None, points=-100):
        """Ask for points as a till does before it takes a sale."""
        orders = self.env["pos.order"].with_user(self.cashier)
        if sale:
            orders = orders.with_context(loyalty_order=sale["uuid"])
        return orders.validate_coupon_programs({str(self.card.id): points}, [])

    @on_stock("True is not false")
    def test_defect_01_the_second_till_is_refused_before_payment(self):
        self._give(100)
        first, second = self._make_sale(), self._make_sale()
        self.assertTrue(self._ask(first)["successful"])
        refusal = self._ask(second)
        self.assertFalse(refusal["successful"])
        self.assertIn("Mira Member", refusal["payload"]["message"])
        self.assertTrue(self._ask(first)["successful"], "the same sale asks again")

    def test_the_sale_lets_go_of_what_is_left(self):
        self._give(200)
        sale = self._make_sale()
        self._ask(sale, -200)
        order = self._sync(sale)
        self.assertEqual(self.card.points, 125)
        self.assertFalse(order.message_ids.filtered(lambda m: "owed" in m.body))
        self.assertTrue(self._ask(self._make_sale(), -120)["successful"])

    def test_who_says_no_name_is_told_apart_by_the_user(self):
        self._give(100)
        self.assertTrue(self._ask()["successful"])
        self.assertTrue(self._ask()["successful"])
        self.assertFalse(self._ask(self._make_sale())["successful"])

    def test_who_only_earns_keeps_nothing(self):
        self._give(100)
        self.assertTrue(self._ask(self._make_sale(), 30)["successful"])
        self.assertFalse(self.env["loyalty.reservation"].sudo().search([]))

    def test_what_is_no_number_is_refused(self):
        for points in (float("nan"), float("-inf"), -1e300, "many"):
            with self.subTest(points=points):
                refusal = self._ask(self._make_sale(), points)
                self.assertFalse(refusal["successful"])
                self.assertIn("no number", refusal["payload"]["message"])

    def test_an_offline_sale_with_points_spent_elsewhere_is_kept_and_reported(self):
        self._give(100)
        self._sync(self._make_sale())
        order = self._sync(self._make_sale())
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.card.points, 100 - 200 + 25 + 25)
        (message,) = order.message_ids.filtered(lambda m: "owed" in m.body)
        self.assertIn("50 points are owed now", message.body)

    def _make_money_card(self, program_type, **values):
        program = self.env["loyalty.program"].create(
            {
                "name": "Money",
                "program_type": program_type,
                "applies_on": "future",
                "currency_id": self.till.currency_id.id,
                "reward_ids": [
                    Command.create({"discount_mode": "per_point", "discount": 1})
                ],
            }
        )
        return self.env["loyalty.card"].create(
            {"program_id": program.id, "points": 16.65, **values}
        )

    def _ask_for(self, card, sale, points):
        orders = self.env["pos.order"].with_user(self.cashier)
        orders = orders.with_context(loyalty_order=sale["uuid"])
        answer = orders.validate_coupon_programs({str(card.id): -points}, [])
        return answer["payload"].get("message") or True

    def test_a_gift_card_and_a_wallet_are_kept_for_the_sale_that_asks(self):
        gift = self._make_money_card("gift_card")
        wallet = self._make_money_card("ewallet", partner_id=self.member.id)
        for card, words in ((gift, "gift card"), (wallet, "eWallet of Mira Member")):
            first, second = self._make_sale(), self._make_sale()
            # As a browser adds up cents.
            self.assertIs(self._ask_for(card, first, 16.650000000000002), True)
            self.assertIn(words, self._ask_for(card, second, 0.01))
            order = self._sync(first)
            wish = {"points": -10, "program_id": card.program_id.id}
            order.with_user(self.cashier).confirm_coupon_programs({str(card.id): wish})
            self.assertIs(self._ask_for(card, second, 6.65), True)

    def test_an_order_takes_no_money_that_a_till_keeps(self):
        gift = self._make_money_card("gift_card")
        order = self.env["sale.order"].sudo().create({"partner_id": self.member.id})
        order.order_line = [
            Command.create({"product_id": self.record.id, "price_unit": 5})
        ]
        for rewards in order._try_apply_code(gift.code).values():
            self.assertFalse(order._apply_program_reward(rewards, gift))
        sale = self._make_sale()
        self._ask_for(gift, sale, 12)
        with (
            self.assertRaisesRegex(UserError, "used elsewhere"),
            self.env.cr.savepoint(),
        ):
            order.action_confirm()
        self.env.invalidate_all()
        self.assertIs(self._ask_for(gift, sale, 11), True)
        order.action_confirm()
        self.assertAlmostEqual(gift.points, 11.65)
