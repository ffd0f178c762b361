from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestRewardAudience(LoyaltyCase):
    """Rewards and rules for some tiers are neither shown to others nor given."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bronze, cls.silver = cls.program.tier_ids.sorted("threshold")[:2]
        cls.reward, cls.dearer = cls.program.reward_ids.sorted("required_points")
        cls._post(500)

    def _offered(self, order):
        order._update_programs_and_rewards()
        offered = order._get_claimable_rewards().values()
        return self.env["loyalty.reward"].union(*offered)

    def test_an_exclusive_reward_is_not_offered_to_others(self):
        order = self._make_order(self.member)
        self.assertEqual(self._offered(order), self.reward | self.dearer)
        self.reward.audience_tier_ids = self.silver
        self.assertEqual(self._offered(order), self.dearer)
        wizard = (
            self.env["sale.loyalty.reward.wizard"]
            .with_user(self.salesperson)
            .create({"order_id": order.id})
        )
        self.assertEqual(wizard.reward_ids, self.dearer)
        self.reward.audience_tier_ids = self.bronze
        self.assertEqual(self._offered(order), self.reward | self.dearer)

    def test_the_dialog_tells_what_a_reward_takes(self):
        self.bronze.benefit_ids = [
            Command.create({"kind": "cheaper_rewards", "points_off": 20})
        ]
        order = self._make_order(self.member)
        order._update_programs_and_rewards()
        wizard = (
            self.env["sale.loyalty.reward.wizard"]
            .with_user(self.salesperson)
            .create({"order_id": order.id, "selected_reward_id": self.reward.id})
        )
        self.assertEqual(
            wizard.price_words,
            "It takes 80 points instead of 100 points. There are 600 points.",
        )
        self.assertTrue(self.reward.display_name.endswith("(100 points)"))

    def test_the_gate_refuses_with_the_reason(self):
        self.reward.audience_tier_ids = self.silver
        order = self._make_order(self.member)
        status = self._claim_reward(order)
        self.assertIn("only for these tiers: Silver", status["error"])
        self.assertFalse(order.order_line.filtered("reward_id"))

    def test_the_wizard_refuses_who_picks_it_all_the_same(self):
        self.reward.audience_tier_ids = self.silver
        order = self._make_order(self.member)
        order._update_programs_and_rewards()
        wizard = self.env["sale.loyalty.reward.wizard"].create(
            {"order_id": order.id, "selected_reward_id": self.reward.id}
        )
        with self.assertRaises(ValidationError):
            wizard.action_apply()

    def test_a_quotation_loses_what_is_not_the_customers_any_more(self):
        order = self._make_order(self.member)
        self._claim_reward(order)
        self.assertEqual(order.amount_total, 95)
        self.reward.audience_tier_ids = self.silver
        order._update_programs_and_rewards()
        self.assertEqual(order.amount_total, 100)

    def test_what_was_signed_stays(self):
        order = self._make_order(self.member)
        self._claim_reward(order)
        order.sudo().signed_on = "2026-06-30 09:00:00"
        self.reward.audience_tier_ids = self.silver
        order._update_programs_and_rewards()
        self.assertEqual(order.amount_total, 95)

    def test_only_a_manager_decides_for_whom(self):
        with self.assertRaises(AccessError):
            self.reward.with_user(self.salesperson).audience_tier_ids = self.silver
        self.reward.with_user(self.manager).audience_tier_ids = self.silver

    # === Rules ===

    def _add_rule(self, **values):
        self.program.rule_ids = [
            Command.create(
                {"reward_point_mode": "order", "reward_point_amount": 7, **values}
            )
        ]

    def test_a_rule_for_a_tier_earns_for_it_alone(self):
        self._add_rule(audience_tier_ids=[Command.set(self.silver.ids)])
        order = self._make_order(self.member, 10)
        order._update_programs_and_rewards()
        self.assertEqual(order.coupon_point_ids.points, 10)
        order.action_confirm()
        self.assertEqual(self._story(order), [("earn", 10)])
        self._add_rule(audience_tier_ids=[Command.set(self.bronze.ids)])
        self.assertEqual(self._story(self._buy(10)), [("earn", 17)])

    def test_the_moment_of_the_sale_decides_about_a_rule(self):
        self.program.earn_moment = "delivery"
        self._add_rule(audience_tier_ids=[Command.set(self.silver.ids)])
        order = self._buy(10)
        self._post(0, "earn", base_amount=self._money(150), counts_for_tier=True)
        self.assertEqual(self.card.tier_id, self.silver)
        order.order_line.sudo().qty_delivered = 1
        self.env.cr.flush()
        self.assertEqual(self._story(order), [("earn", 10)])

    def _money(self, amount):
        return self._make_posting(amount).points

    def test_a_rule_of_a_recorded_programme_asks_as_well(self):
        self.program.active = False
        recorded = self._make_recorded_program()
        customer = self._make_partner()
        segment = self.env["loyalty.segment"].create(
            {"name": "Friends", "kind": "manual", "partner_ids": [(4, customer.id)]}
        )
        recorded.rule_ids.audience_segment_ids = segment
        points = []
        for partner in (customer, self._make_partner()):
            order = self._make_order(partner, 10)
            order._update_programs_and_rewards()
            points.append(sum(order.coupon_point_ids.mapped("points")))
        self.assertEqual(points, [10, 0])

    def test_the_code_of_a_rule_for_others_is_none(self):
        promotion = self.env["loyalty.program"].create(
            {
                "name": "Ten off",
                "program_type": "promo_code",
                "trigger": "with_code",
                "applies_on": "current",
                "rule_ids": [Command.create({"mode": "with_code", "code": "GOLDEN"})],
                "reward_ids": [Command.create({"discount": 10})],
            }
        )
        promotion.rule_ids.audience_tier_ids = self.silver
        order = self._make_order(self.member)
        self.assertIn("not_found", order._try_apply_code("GOLDEN"))
        promotion.rule_ids.audience_tier_ids = self.bronze
        self.assertNotIn("error", order._try_apply_code("GOLDEN"))
