from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestRewardPrice(LoyaltyCase):
    """Rewards take fewer points of the members of a tier."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bronze = cls.program.tier_ids.sorted("threshold")[0]
        cls.reward, cls.dearer = cls.program.reward_ids.sorted("required_points")
        cls.benefit = cls.env["loyalty.tier.benefit"].create(
            {"tier_id": cls.bronze.id, "kind": "cheaper_rewards", "points_off": 20}
        )
        cls.program.hold_days = 14

    def _offered(self, order):
        order._update_programs_and_rewards()
        offered = order._get_claimable_rewards().values()
        return self.env["loyalty.reward"].union(*offered)

    def _cost(self, order):
        return sum(order.order_line.filtered("reward_id").mapped("points_cost"))

    def test_the_customer_reads_it(self):
        self.assertEqual(
            self.bronze.benefit_words, "20 % fewer points for every reward."
        )
        self.benefit.cheaper_reward_ids = self.dearer
        self.assertEqual(
            self.benefit.description,
            f"20 % fewer points for {self.dearer.description}.",
        )

    def test_a_reward_costs_a_fifth_less(self):
        self._post(80)
        order = self._make_order(self.member)
        self.assertEqual(self._offered(order), self.reward)
        self.assertFalse(self._claim_reward(order))
        self.assertEqual((order.amount_total, self._cost(order)), (95, 80))
        order._update_programs_and_rewards()
        self.assertEqual((order.amount_total, self._cost(order)), (95, 80))
        order.action_confirm()
        self.assertEqual(self.card.points, 0)
        order.sudo()._action_cancel()
        self.assertEqual(self.card.points, 80)
        self.assert_balanced()

    def test_a_point_short_is_short(self):
        self._post(79)
        order = self._make_order(self.member)
        self.assertFalse(self._offered(order))
        self.assertIn("error", self._claim_reward(order))

    def test_only_the_rewards_that_are_named(self):
        self.benefit.cheaper_reward_ids = self.dearer
        self._post(99)
        order = self._make_order(self.member)
        self.assertFalse(self._offered(order))
        self.assertIn("error", self._claim_reward(order))
        self._post(101)
        self.assertEqual(self._offered(order), self.reward | self.dearer)
        self._claim_reward(order, 250)
        self.assertEqual((order.amount_total, self._cost(order)), (85, 200))

    def test_the_rounding_is_the_members(self):
        self.benefit.points_off = 33.33
        self.assertEqual(self.reward._get_price(self.card), 66)
        self.program.points_scale = 2
        self.assertEqual(float(self.reward._get_price(self.card)), 66.67)
        # 0.006667 of a point and no less than its smallest part.
        self.reward.required_points = 0.01
        self.assertEqual(float(self.reward._get_price(self.card)), 0.01)

    def test_products_are_given_for_what_they_cost(self):
        gift = self._make_product("Gift", 7)
        reward = {
            "reward_type": "product",
            "reward_product_id": gift.id,
            "required_points": 10,
        }
        self.program.reward_ids = [Command.create(reward)]
        self._post(25)
        order = self._make_order(self.member)
        self._claim_reward(order, 10)
        line = order.order_line.filtered("reward_id")
        # 25 points are 3 gifts of 8 points, not 2 of 10.
        self.assertEqual((line.product_uom_qty, line.points_cost), (3, 24))

    def test_a_limit_counts_what_is_given_not_what_it_costs(self):
        self.benefit.points_off = 60
        reward = self.env["loyalty.reward"].create(
            {
                "program_id": self.program.id,
                "reward_type": "product",
                "reward_product_id": self._make_product("Gift", 7).id,
                "required_points": 10,
                "limit_member": 3,
            }
        )
        self._post(100)
        order = self._make_order(self.member)
        self.assertFalse(self._claim_reward(order, 10))
        line = order.order_line.filtered("reward_id")
        self.assertEqual((line.product_uom_qty, line.points_cost), (3, 12))
        order.action_confirm()
        (entry,) = self._entries(order).filtered(lambda e: e.entry_type == "redeem")
        self.assertEqual(entry.breakdown["times"], 3)
        self.assertEqual(reward._get_member_room(self.card), 0)

    def test_a_point_that_is_worth_money_stays_worth_it(self):
        self.program.reward_ids = [
            Command.create(
                {"discount_mode": "per_point", "discount": 0.05, "required_points": 1}
            )
        ]
        self._post(80)
        order = self._make_order(self.member)
        self._claim_reward(order, 1)
        self.assertEqual((order.amount_total, self._cost(order)), (96, 80))

    def test_a_reward_that_takes_all_points_takes_all(self):
        self.reward.clear_wallet = True
        self._post(90)
        order = self._make_order(self.member)
        self._claim_reward(order)
        self.assertEqual(self._cost(order), 90)

    def test_others_pay_the_whole_price(self):
        self.benefit.tier_id = self.program.tier_ids.sorted("threshold")[1]
        self._post(99)
        order = self._make_order(self.member)
        self.assertFalse(self._offered(order))
        self._post(1)
        self._claim_reward(order)
        self.assertEqual(self._cost(order), 100)

    def test_nothing_is_free_and_nothing_dearer(self):
        for percent in (0, 100, -5, 150):
            with self.assertRaises(ValidationError):
                self.benefit.points_off = percent
        other = self._make_program()
        with self.assertRaises(ValidationError):
            self.benefit.cheaper_reward_ids = other.reward_ids
