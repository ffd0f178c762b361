from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestAudienceProgram(LoyaltyCase):
    """A promotion for some tiers or segments is not offered to others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bronze, cls.silver = cls.program.tier_ids.sorted("threshold")[:2]
        cls.promotion = cls.env["loyalty.program"].create(
            {
                "name": "Ten off",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [Command.create({"minimum_qty": 0})],
                "reward_ids": [Command.create({"discount": 10})],
            }
        )

    def _is_offered(self, order):
        order._update_programs_and_rewards()
        rewards = order._get_claimable_rewards().values()
        return any(self.promotion.reward_ids in offered for offered in rewards)

    def _claim(self, order):
        order._update_programs_and_rewards()
        card = order.coupon_point_ids.coupon_id.filtered(
            lambda card: card.program_id == self.promotion
        )
        order._apply_program_reward(self.promotion.reward_ids, card)

    def test_nobody_named_is_everybody(self):
        self.assertTrue(self._is_offered(self._make_order(self.member)))
        self.assertTrue(self._is_offered(self._make_order(self._make_partner())))

    def test_a_tier_is_asked_of_the_orders_customer(self):
        self.promotion.audience_tier_ids = self.bronze
        self.assertTrue(self._is_offered(self._make_order(self.member)))
        self.assertFalse(self._is_offered(self._make_order(self._make_partner())))
        self.promotion.audience_tier_ids = self.silver
        self.assertFalse(self._is_offered(self._make_order(self.member)))
        self.promotion.audience_tier_ids = False
        self.assertTrue(self._is_offered(self._make_order(self._make_partner())))

    def test_the_discount_leaves_with_the_customer(self):
        self.promotion.audience_tier_ids = self.bronze
        order = self._make_order(self.member)
        self._claim(order)
        self.assertEqual(order.amount_total, 90)
        order.partner_id = self._make_partner()
        order._update_programs_and_rewards()
        self.assertEqual(order.amount_total, 100)

    def test_a_code_for_a_segment_is_none_for_others(self):
        friend = self._make_partner()
        segment = self.env["loyalty.segment"].create(
            {"name": "Friends", "kind": "manual", "partner_ids": [(4, friend.id)]}
        )
        self.promotion.write(
            {
                "trigger": "with_code",
                "rule_ids": [
                    Command.update(
                        self.promotion.rule_ids.id,
                        {"mode": "with_code", "code": "FRIEND"},
                    )
                ],
                "audience_segment_ids": [Command.set(segment.ids)],
            }
        )
        status = self._make_order(self.member)._try_apply_code("FRIEND")
        self.assertIn("not_found", status)
        self.assertNotIn("error", self._make_order(friend)._try_apply_code("FRIEND"))

    def test_a_signed_quotation_keeps_what_was_agreed(self):
        self.promotion.audience_tier_ids = self.bronze
        order = self._make_order(self.member)
        self._claim(order)
        order.signed_on = "2026-06-30 09:00:00"
        self.card.sudo().member_state = "left"
        order.action_confirm()
        self.assertEqual(order.amount_total, 90)

    def test_without_audiences_nobody_is_asked(self):
        order = self._make_order(self.member)
        order._get_closed_program_ids()
        self.env.invalidate_all()
        order.fetch(["partner_id"])
        with self.assertQueryCount(0):
            self.assertEqual(order._get_closed_program_ids(), [])

    def test_a_tier_that_something_is_for_cannot_go(self):
        self.promotion.audience_tier_ids = self.silver
        self.assertEqual(
            self.env["loyalty.program"]._get_restricted_ids(), tuple(self.promotion.ids)
        )
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.silver.unlink()
        self.promotion.active = False
        self.promotion.unlink()
        self.assertFalse(self.env["loyalty.program"]._get_restricted_ids())
