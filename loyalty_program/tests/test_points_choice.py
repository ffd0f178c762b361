from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestPointsChoice(LoyaltyCase):
    """A reward of money per point takes as many points as the member says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        others = cls.program.reward_ids
        cls.reward = cls._make_choice_reward(cls.program)
        others.unlink()
        cls._post(1000, "bonus")

    @classmethod
    def _make_choice_reward(cls, program, **values):
        return cls.env["loyalty.reward"].create(
            {
                "program_id": program.id,
                "reward_type": "discount",
                "discount_mode": "per_point",
                "discount": 0.05,
                "discount_applicability": "order",
                "required_points": 1,
                **values,
            }
        )

    def _choose(self, order, points, reward=None):
        reward = reward or self.reward
        order._update_programs_and_rewards()
        order = order.with_context(loyalty_points={reward.id: points})
        return order._apply_program_reward(reward, self.card.with_env(order.env))

    def _lines(self, order):
        return order.order_line.filtered("reward_id")

    def test_as_many_points_as_chosen_are_spent(self):
        order = self._make_order(self.member, 100)
        self.assertEqual(self._choose(order, 300), {})
        self.assertEqual(self._lines(order).points_cost, 300)
        self.assertEqual(order.amount_total, 85)
        order.action_confirm()
        self.assertEqual(self._story(order), [("redeem", -300), ("earn", 85)])
        self.assert_balanced()

    def test_without_a_choice_all_that_fit_are_spent(self):
        order = self._make_order(self.member, 20)
        self.assertEqual(self._choose(order, None), {})
        self.assertEqual(self._lines(order).points_cost, 400)
        self.assertEqual(order.amount_total, 0)

    def test_a_choice_stays_when_the_order_grows(self):
        order = self._make_order(self.member, 20)
        self._choose(order, 100)
        order.order_line.filtered(lambda line: not line.reward_id).product_uom_qty = 5
        order._update_programs_and_rewards()
        self.assertEqual(self._lines(order).points_cost, 100)
        self.assertEqual(order.amount_total, 495)

    def test_a_choice_is_lowered_when_the_order_shrinks(self):
        order = self._make_order(self.member, 100)
        self._choose(order, 800)
        order.order_line.filtered(lambda line: not line.reward_id).price_unit = 10
        order._update_programs_and_rewards()
        self.assertEqual(self._lines(order).points_cost, 200)
        self.assertEqual(order.amount_total, 0)

    def test_claiming_again_changes_the_choice(self):
        order = self._make_order(self.member, 100)
        self._choose(order, 800)
        self.assertEqual(self._choose(order, 900), {})
        self.assertEqual(self._lines(order).points_cost, 900)
        self.assertEqual(order.amount_total, 55)
        self.assertIn("no more", self._choose(order, 1500)["error"])
        self.assertEqual(self._lines(order).points_cost, 900)
        self.assertEqual(order.amount_total, 55)

    def test_the_last_point_may_be_worth_more_than_the_order(self):
        order = self._make_order(self.member, 3.33)
        self.assertEqual(self._choose(order, 67), {})
        self.assertEqual(self._lines(order).points_cost, 67)
        self.assertEqual(order.amount_total, 0)
        order.action_confirm()
        self.assertEqual(self._story(order)[0], ("redeem", -67))

    def test_a_bad_wish_is_told_and_changes_nothing(self):
        order = self._make_order(self.member, 40)
        for wish, text in (
            (1001, "800 points at most"),
            (801, "800 points at most"),
            (0, "at least 1 points"),
            (-5, "at least 1 points"),
            (2.5, "too many decimals"),
            (float("nan"), "no number"),
            ("many", "no number"),
            ("", "no number"),
            (1e300, "no number"),
            ([1], "no number"),
        ):
            self.assertIn(text, self._choose(order, wish).get("error", ""), wish)
            self.assertFalse(self._lines(order))
            self.assertFalse(order.loyalty_choices)
        self.assertEqual(order.amount_total, 40)

    def test_minimum_step_and_maximum_are_kept(self):
        self.reward.write(
            {"choice_minimum": 100, "choice_step": 50, "choice_maximum": 300}
        )
        order = self._make_order(self.member, 100)
        self.assertIn("at least 100", self._choose(order, 50)["error"])
        self.assertIn("steps of 50", self._choose(order, 120)["error"])
        self.assertIn("300 points at most", self._choose(order, 350)["error"])
        self.assertEqual(self._choose(order, 250), {})
        self.assertEqual(order.amount_total, 87.5)

    def test_an_order_below_the_minimum_cannot_claim(self):
        self.reward.choice_minimum = 100
        order = self._make_order(self.member, 4)
        order._update_programs_and_rewards()
        self.assertNotIn(self.card, order._get_claimable_rewards())
        self.assertIn("not worth", self._choose(order, 100)["error"])

    def test_points_with_decimals(self):
        self.program.points_scale = 1
        self.reward.write({"discount": 1, "required_points": 0.1})
        order = self._make_order(self.member, 40)
        self.assertEqual(self._choose(order, 0.3), {})
        self.assertEqual(self._lines(order).points_cost, 0.3)
        self.assertEqual(order.amount_total, 39.7)
        order.action_confirm()
        self.assertEqual(self._story(order)[0], ("redeem", -0.3))

    def test_two_taxes_share_one_choice(self):
        taxes = self.env["account.tax"].create(
            [{"name": f"Tax {rate}", "amount": rate} for rate in (10, 20)]
        )
        lines = [{"price_unit": 50, "tax_ids": [Command.set(t.ids)]} for t in taxes]
        order = self._make_order(self.member, *lines)
        self.assertEqual(self._choose(order, 230), {})
        self.assertEqual(sum(self._lines(order).mapped("points_cost")), 230)
        self.assertEqual(order.amount_total, 115 - 11.5)

    def test_a_recorded_programme_takes_all_that_fit_as_odoo_does(self):
        program = self._make_recorded_program()
        reward = self._make_choice_reward(program)
        self.assertFalse(reward.has_choice)
        card = self._make_card(program, 300)
        order = self._make_order(card.partner_id, 100)
        order._update_programs_and_rewards()
        order = order.with_context(loyalty_points={reward.id: 20})
        order._apply_program_reward(reward, card.with_env(order.env))
        # The order's own 100 points are spent at once, too.
        self.assertEqual(self._lines(order).points_cost, 400)

    def test_settings_that_cannot_be_are_refused(self):
        for values in (
            {"choice_minimum": -1},
            {"choice_step": 0.5},
            {"choice_minimum": 100, "choice_maximum": 50},
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.reward.write(values)

    def test_the_quotations_dialog_asks_and_tells(self):
        order = self._make_order(self.member, 40)
        order._update_programs_and_rewards()
        wizard = (
            self.env["sale.loyalty.reward.wizard"]
            .with_user(self.salesperson)
            .create({"order_id": order.id, "selected_reward_id": self.reward.id})
        )
        self.assertTrue(wizard.has_choice)
        self.assertEqual(wizard.points, 800)
        self.assertEqual(wizard.points_money, 40)
        wizard.points = 900
        with self.assertRaisesRegex(UserError, "800 points at most"):
            wizard.action_apply()
        wizard.points = 500
        self.assertEqual(wizard.points_money, 25)
        wizard.action_apply()
        self.assertEqual(order.amount_total, 15)
