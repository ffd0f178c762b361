from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestSaleRedeeming(LoyaltyCase):
    """Points pay for rewards on a sales order."""

    def test_a_reward_takes_its_points_when_the_order_is_confirmed(self):
        self._buy(150)
        order = self._make_order(self.member, 60)
        self.assertFalse(self._claim_reward(order))
        self.assertEqual(order.amount_total, 55)
        self.assertEqual(self.card.points, 150)
        order.action_confirm()
        self.assertEqual(self._story(order), [("redeem", -100), ("earn", 55)])
        self.assertEqual(self.card.points, 105)
        self.assertIn("5", self._entries(order)[0].breakdown_text)
        self.assert_balanced()

    def test_a_reward_is_claimed_in_the_wizard(self):
        self._buy(300)
        order = self._make_order(self.member, 60)
        order._update_programs_and_rewards()
        wizard = self.env["sale.loyalty.reward.wizard"].with_user(self.salesperson)
        wizard = wizard.create({"order_id": order.id})
        self.assertEqual(wizard.reward_ids, self.program.reward_ids)
        wizard.selected_reward_id = self.program.reward_ids[1]
        wizard.action_apply()
        order.action_confirm()
        self.assertEqual(self._story(order), [("redeem", -250), ("earn", 45)])

    def test_one_point_too_few_buys_nothing(self):
        self._buy(99)
        order = self._make_order(self.member, 0)
        self.assertIn("error", self._claim_reward(order))
        self._buy(1)
        order = self._make_order(self.member, 60)
        self.assertFalse(self._claim_reward(order))

    def test_decimals_of_a_point_do_not_round_up_to_a_reward(self):
        self.program.points_scale = 2
        self._post("99.60")
        order = self._make_order(self.member, {"price_unit": 0.2})
        self.assertIn("error", self._claim_reward(order))

    def test_what_an_order_earns_pays_for_its_own_reward_without_a_hold(self):
        order = self._make_order(self.member, 120)
        self.assertFalse(self._claim_reward(order))
        order.action_confirm()
        self.assertEqual(self._story(order), [("redeem", -100), ("earn", 115)])
        self.assertEqual(self.card.points, 15)

    def test_with_a_hold_an_order_does_not_pay_for_itself(self):
        self.program.hold_days = 14
        order = self._make_order(self.member, 120)
        self.assertIn("error", self._claim_reward(order))
        order.action_confirm()
        self.assertEqual((self.card.points, self.card.points_pending), (0, 120))

    def test_two_orders_of_one_batch_cannot_spend_the_same_points(self):
        self._buy(150)
        orders = self._make_order(self.member, 10)
        orders |= self._make_order(self.member, 10)
        for order in orders:
            self.assertFalse(self._claim_reward(order))
        with self.assertRaises(UserError), self.env.cr.savepoint():
            orders.action_confirm()
        self.env.invalidate_all()
        self.assertEqual(set(orders.mapped("state")), {"draft"})
        self.assertEqual(self.card.points, 150)
        orders[0].action_confirm()
        self.assertEqual(self.card.points, 150 - 100 + 5)

    def test_points_spent_meanwhile_are_refused_before_payment(self):
        self._buy(150)
        first = self._make_order(self.member, 10)
        second = self._make_order(self.member, 10)
        self._claim_reward(first)
        self._claim_reward(second)
        first.action_confirm()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            second.action_confirm()
        self.env.invalidate_all()
        self.assertEqual(self.card.points, 55)

    def test_a_member_in_debt_may_buy_and_pays_back(self):
        self._post(-30, "redeem")
        order = self._buy(20)
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.card.points, -10)
        order = self._make_order(self.member, 50)
        self.assertIn("error", self._claim_reward(order))
        order.action_confirm()
        self.assertEqual(self.card.points, 40)
        self.assert_balanced()

    def test_a_free_product_costs_points_and_earns_none(self):
        gift = self._make_product("Sticker", 3)
        self.program.reward_ids = [
            Command.create(
                {
                    "reward_type": "product",
                    "reward_product_id": gift.id,
                    "required_points": 30,
                }
            )
        ]
        self._post(30)
        order = self._make_order(self.member, 10)
        self.assertFalse(self._claim_reward(order, 30))
        order.action_confirm()
        self.assertEqual(self._story(order), [("redeem", -30), ("earn", 10)])

    def test_the_points_of_another_customer_pay_for_nothing(self):
        self._buy(150)
        other = self._make_member("Olga Other")
        order = self._make_order(self.member, 20)
        self._claim_reward(order)
        order.partner_id = other.partner_id
        order.action_confirm()
        self.assertEqual(order.amount_total, 20)
        self.assertEqual(self._story(order, other), [("earn", 20)])
        self.assertEqual(self.card.points, 150)

    def test_a_line_that_gives_points_is_refused(self):
        self._buy(150)
        order = self._make_order(self.member, 20)
        self._claim_reward(order)
        order.action_confirm()
        reward_line = order.order_line.filtered("coupon_id")
        before = self.card.points
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            reward_line.sudo().write({"points_cost": -1000})
        self.env.invalidate_all()
        self.assertEqual(self.card.points, before)

    def test_a_reward_claimed_on_a_confirmed_order_takes_points_at_once(self):
        self._buy(150)
        order = self._buy(20)
        self.assertFalse(self._claim_reward(order))
        # The reward takes 5 off: what the customer pays less earns nothing.
        self.assertEqual(
            self._story(order),
            [("earn", 20), ("earn_reversal", -5), ("redeem", -100)],
        )
        self.assertEqual(self._entries(order)[-1].channel, "sale")
        self.assertEqual(self.card.points, 65)
        order._action_cancel()
        self.assertEqual(self.card.points, 150)
        self.assert_balanced()

    def test_a_reward_that_got_cheaper_on_a_confirmed_order_returns_points(self):
        self._buy(150)
        order = self._make_order(self.member, 20)
        self._claim_reward(order)
        order.action_confirm()
        # sudo: what the server computes anew; who sells may not write it.
        order.order_line.filtered("coupon_id").sudo().write({"points_cost": 60})
        self.assertEqual(sum(self._entries(order).mapped("points")), -60 + 15)
        order._action_cancel()
        self.assertEqual(self.card.points, 150)
        self.assert_balanced()
