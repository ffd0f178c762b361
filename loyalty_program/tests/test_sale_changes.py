from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestSaleChanges(LoyaltyCase):
    """A confirmed order that changes brings its points along."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.single = cls._make_product("Single", 20)

    def _buy_singles(self, quantity=5, **values):
        line = {"product_id": self.single.id, "product_uom_qty": quantity, **values}
        return self._buy(line)

    def _set_quantity(self, order, quantity, number=0):
        order.write(
            {
                "order_line": [
                    Command.update(
                        order.order_line[number].id, {"product_uom_qty": quantity}
                    )
                ]
            }
        )

    def test_a_lower_quantity_takes_its_part_back(self):
        order = self._buy_singles()
        self._set_quantity(order, 3)
        self.assertEqual(self._story(order), [("earn", 100), ("earn_reversal", -40)])
        reversal = self._entries(order)[-1]
        self.assertEqual(reversal.reverses_id, self._entries(order)[0])
        self.assertEqual(reversal.base_amount, -40)
        self.assertEqual(self.card.points, 60)
        self.assert_balanced()

    def test_lowered_in_parts_takes_exactly_the_whole(self):
        self.program.rule_ids.reward_point_amount = 0.075
        order = self._buy_singles(3)
        balances = []
        for quantity in (2, 1, 0):
            self._set_quantity(order, quantity)
            balances.append(self.card.points)
        self.assertEqual(balances, [3, 1, 0])
        self.assertEqual(sum(self._entries(order).mapped("base_amount")), 0)
        self.assert_balanced()

    def test_a_quantity_lowered_and_raised_again_changes_nothing(self):
        order = self._buy_singles()
        self._set_quantity(order, 2)
        self._set_quantity(order, 5)
        self.assertEqual(self.card.points, 100)
        self.assertEqual(self._entries(order)[-1].reverses_id, self._entries(order)[1])
        self._set_quantity(order, 0)
        self.assertEqual(self.card.points, 0)
        self.assert_balanced()

    def test_the_rate_of_then_holds(self):
        order = self._buy_singles()
        self.program.rule_ids.reward_point_amount = 7
        self._set_quantity(order, 4)
        self.assertEqual(self.card.points, 80)
        self._set_quantity(order, 6)
        self.assertEqual(self.card.points, 120)
        self.assert_balanced()

    def test_a_line_added_afterwards_earns_by_the_rules_of_today(self):
        order = self._buy(50)
        self.program.rule_ids.reward_point_amount = 2
        order.write(
            {
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "price_unit": 30,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ]
            }
        )
        self.assertEqual(self._story(order), [("earn", 50), ("earn", 60)])
        self._set_quantity(order, 0, number=1)
        self.assertEqual(self.card.points, 50)
        self._set_quantity(order, 0)
        self.assertEqual(self.card.points, 0)
        self.assert_balanced()

    def test_a_raised_quantity_goes_first_when_it_falls(self):
        self.program.hold_days = 14
        order = self._buy_singles(2)
        self._set_quantity(order, 5)
        self.assertEqual(self._story(order), [("earn", 40), ("earn", 60)])
        self._set_quantity(order, 4)
        last = self._entries(order)[-1]
        self.assertEqual((last.points, last.reverses_id.points), (-20, 60))
        self.assertEqual((self.card.points, self.card.points_pending), (0, 80))
        self.assert_balanced()

    def test_pending_points_are_taken_before_spendable_ones(self):
        self._post(10)
        self.program.hold_days = 14
        order = self._buy_singles(2)
        self._set_quantity(order, 1)
        self.assertEqual((self.card.points, self.card.points_pending), (10, 20))
        self._set_quantity(order, 2)
        self.assertEqual((self.card.points, self.card.points_pending), (10, 40))
        self._set_quantity(order, 0)
        self.assertEqual((self.card.points, self.card.points_pending), (10, 0))
        self.assert_balanced()

    def test_a_lower_price_takes_points_back(self):
        order = self._buy(100)
        order.order_line.price_unit = 80
        self.assertEqual(self.card.points, 80)

    def test_a_discount_given_afterwards_takes_points_back(self):
        order = self._buy(100)
        discount = self._make_product("Goodwill")
        order.write(
            {
                "order_line": [
                    Command.create(
                        {
                            "product_id": discount.id,
                            "price_unit": -100,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ]
            }
        )
        self.assertEqual(order.amount_total, 0)
        self.assertEqual(self.card.points, 0)
        self.assert_balanced()

    def test_an_order_cancelled_after_a_change_takes_only_the_rest(self):
        order = self._buy_singles()
        self._set_quantity(order, 3)
        order._action_cancel()
        self.assertEqual(self.card.points, 0)
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.card.points, 60)
        self._set_quantity(order, 1)
        self.assertEqual(self.card.points, 20)
        self.assert_balanced()

    def test_a_reward_set_to_nothing_gives_its_points_back(self):
        self._post(100)
        order = self._make_order(self.member, 60)
        self._claim_reward(order)
        order.action_confirm()
        self.assertEqual(self.card.points, 55)
        order.order_line.filtered("reward_id").product_uom_qty = 0
        self.assertEqual(
            self._story(order),
            [("redeem", -100), ("earn", 55), ("redeem_reversal", 100), ("earn", 5)],
        )
        self.assertEqual(self.card.points, 160)
        self.assert_balanced()

    def test_a_free_product_returned_in_part_gives_its_part_back(self):
        gift = self._make_product("Sticker", 3)
        self.program.reward_ids = [
            Command.create(
                {
                    "reward_type": "product",
                    "reward_product_id": gift.id,
                    "reward_product_qty": 3,
                    "required_points": 31,
                }
            )
        ]
        self._post(31)
        order = self._make_order(self.member, 10)
        self.assertFalse(self._claim_reward(order, 31))
        order.action_confirm()
        line = order.order_line.filtered("reward_id")
        line.product_uom_qty = 2
        self.assertEqual(self.card.points, 10 + 10)
        line.product_uom_qty = 0
        self.assertEqual(self.card.points, 10 + 31)
        self.assert_balanced()

    def test_a_reward_that_the_balance_does_not_cover_is_refused_afterwards(self):
        order = self._buy(20)
        self._post(100)
        order._update_programs_and_rewards()
        rewards = self.program.reward_ids.sorted("required_points")
        line = {
            "name": "Reward",
            "product_id": rewards[0].discount_line_product_id.id,
            "price_unit": -5,
            "tax_ids": [Command.clear()],
            "reward_id": rewards[0].id,
            "coupon_id": self.card.id,
            "points_cost": 500,
        }
        with self.assertRaises(UserError), self.env.cr.savepoint():
            order.sudo().write({"order_line": [Command.create(line)]})
        self.env.invalidate_all()
        self.assertEqual(self.card.points, 120)

    def test_a_strict_programme_refuses_what_was_spent(self):
        self.program.debt_policy = "refuse"
        order = self._buy_singles()
        self._post(-80, "redeem")
        self._set_quantity(order, 4)
        with self.assertRaisesRegex(UserError, "20 points are missing"):
            self._set_quantity(order, 3)
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "80 points are missing"):
            order._action_cancel()

    def test_what_was_owed_before_is_no_reason_to_refuse(self):
        self.program.debt_policy = "refuse"
        self.program.hold_days = 14
        order = self._buy_singles()
        self._post(-80, "redeem")
        self._set_quantity(order, 3)
        self.assertEqual((self.card.points, self.card.points_pending), (-80, 60))

    def test_the_next_earning_repays_a_debt(self):
        order = self._buy_singles()
        self._post(-80, "redeem")
        self._set_quantity(order, 3)
        self.assertEqual(self.card.points, -20)
        self._buy(50)
        self.assertEqual(self.card.points, 30)
        self.assert_balanced()

    def test_the_reversal_says_what_came_back(self):
        order = self._buy_singles()
        self._set_quantity(order, 3)
        text = self._entries(order)[-1].with_user(self.loyalty_user).breakdown_text
        self.assertEqual(text, "Single: 2 of 5 returned. 40 of 100 points taken back.")

    def test_a_quotation_earns_nothing_when_it_changes(self):
        order = self._make_order(self.member, {"product_id": self.single.id})
        self._set_quantity(order, 3)
        self.assertFalse(self._entries())

    def test_the_goods_of_a_stranger_change_nobodys_points(self):
        order = self._buy(100, partner=self._make_partner())
        self._set_quantity(order, 0)
        self.assertFalse(self._entries(order))
