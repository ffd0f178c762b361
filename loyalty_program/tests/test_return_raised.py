from odoo.fields import Command
from odoo.tests import tagged

from .credit_note_common import CreditNoteCase


@tagged("post_install", "-at_install")
class TestReturnRaised(CreditNoteCase):
    """What was taken off the price and is to be paid after all earns after all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sale_discount_product_id = cls._make_product("Discount", 0)

    def _order_with_discount(self, price=100, cut=30):
        order = self._make_order(
            self.member,
            price,
            {
                "product_id": self.company.sale_discount_product_id.id,
                "price_unit": -cut,
            },
        )
        order.action_confirm()
        return order.sudo()

    def _get_money(self):
        return sum(self._entries().mapped("base_amount"))

    def _add(self, order, price):
        order.order_line = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "price_unit": price,
                    "tax_ids": [Command.clear()],
                }
            )
        ]

    def _assert_earned(self, order, points):
        """Assert what the order earned, and that another look changes nothing."""
        for _look in range(2):
            self.assertEqual((self.card.points, self._get_money()), (points, points))
            order._sync_loyalty()
        self.assert_balanced()

    def test_a_discount_that_is_taken_off_again(self):
        order = self._order_with_discount()
        self._assert_earned(order, 70)
        cut = order.order_line[1]
        cut.price_unit = 0
        self._assert_earned(order, 100)
        entry = self._entries()[-1].with_user(self.loyalty_user)
        self.assertEqual(
            entry.breakdown_text, "More is to be paid for the goods than before: 30."
        )
        cut.price_unit = -15
        self._assert_earned(order, 85)
        cut.price_unit = -30
        self._assert_earned(order, 70)
        cut.price_unit = 0
        self._assert_earned(order, 100)
        self.assertEqual(len(self._entries().filtered(lambda e: e.points > 0)), 4)
        order.order_line[0].product_uom_qty = 0
        self._assert_earned(order, 0)

    def test_goods_that_are_added_beside_a_discount_carry_it_together(self):
        order = self._order_with_discount(cut=50)
        self._add(order, 100)
        self._assert_earned(order, 150)
        order.order_line[-1].product_uom_qty = 0
        self._assert_earned(order, 50)

    def test_what_is_added_and_what_is_raised_are_rounded_as_one(self):
        order = self._order_with_discount(330.99, 5)
        self.assertEqual(self.card.points, 325)
        self._add(order, 231)
        # 330.99 + 231 - 5 = 556.99
        for _look in range(2):
            self.assertEqual(self.card.points, 556)
            order._sync_loyalty()
        self.assert_balanced()

    def test_goods_that_were_added_under_a_price_reduction_that_is_withdrawn(self):
        order = self._buy_and_invoice()
        note = self._credit(order, {}, post=False).sudo()
        note.invoice_line_ids = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "price_unit": 50,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        note.action_post()
        order.order_line.product_uom_qty = 10
        self._assert_earned(order, 150)
        note.button_draft()
        self._assert_earned(order, 200)

    def test_a_reward_that_comes_back_lets_its_money_earn(self):
        self._post(100)
        order = self._make_order(self.member, 60)
        self._claim_reward(order)
        order.action_confirm()
        reward = order.order_line.filtered("reward_id")
        reward.product_uom_qty = 0
        self.assertEqual(self.card.points, 100 + 60)
        reward.product_uom_qty = 1
        self.assertEqual(self.card.points, 55)
        self.assert_balanced()

    def test_the_multiplier_of_the_sale_holds(self):
        bronze = self.program.tier_ids.sorted("threshold")[0]
        self.env["loyalty.tier.benefit"].create(
            {"tier_id": bronze.id, "kind": "multiplier", "factor": 1.5}
        )
        order = self._order_with_discount()
        self.assertEqual((self.card.points, self._get_money()), (105, 70))
        order.order_line[1].price_unit = 0
        self.assertEqual((self.card.points, self._get_money()), (150, 100))
        self.assertEqual(
            self._story(order),
            [("earn", 70), ("bonus", 35), ("earn", 30), ("bonus", 15)],
        )
        order.order_line[1].price_unit = -30
        self.assertEqual((self.card.points, self._get_money()), (105, 70))
        self.assert_balanced()

    def test_the_limit_of_an_order_holds(self):
        self.program.order_cap = 80
        order = self._order_with_discount()
        order.order_line[1].product_uom_qty = 0
        self.assertEqual((self.card.points, self._get_money()), (80, 100))
        self._add(order, 100)
        self.assertEqual(self.card.points, 80)
        order.order_line[0].product_uom_qty = 0
        order.order_line[2].product_uom_qty = 0
        self.assertEqual((self.card.points, self._get_money()), (0, 0))
        self.assert_balanced()

    def test_an_order_cancelled_starts_anew(self):
        order = self._order_with_discount()
        order.order_line[1].price_unit = 0
        order._action_cancel()
        self.assertEqual((self.card.points, self._get_money()), (0, 0))
        order.order_line[1].price_unit = -30
        order.action_draft()
        order.action_confirm()
        self._assert_earned(order, 70)
        order.order_line[1].price_unit = 0
        self._assert_earned(order, 100)
