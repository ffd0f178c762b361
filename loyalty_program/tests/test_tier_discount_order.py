from odoo.tests import tagged

from .benefit_common import BenefitCase


@tagged("post_install", "-at_install")
class TestTierDiscountOrder(BenefitCase):
    """What a confirmed order with a tier's discount holds, and leaves behind."""

    def _count_cards(self):
        return self.env["loyalty.card"].search_count([])

    def test_points_are_earned_on_what_is_paid(self):
        order = self._quote(self.gold)
        order.action_confirm()
        self.assertEqual(order.amount_total, 90)
        card = self.program._get_member_card(self.gold)
        self.assertEqual(self._story(order, card), [("earn", 90)])
        self.assert_balanced(card)

    def test_orders_leave_no_cards_behind(self):
        before = self._count_cards()
        for _number in range(3):
            self._quote(self.gold).action_confirm()
        self.assertEqual(self._count_cards(), before)
        shared = self.ten.discount_program_id.shared_card_id
        self.assertEqual(shared.points, 0)
        self.assertFalse(shared.history_ids)

    def test_an_order_whose_better_discount_wins_keeps_the_shared_card(self):
        order = self._quote(self.gold)
        self._claim_promotion(order, self._make_promotion(20))
        order.action_confirm()
        self.assertTrue(self.ten.discount_program_id.shared_card_id.exists())
        self.assertEqual(self._quote(self.gold).amount_total, 90)

    def test_the_order_that_lifts_the_tier_does_not_get_its_discount(self):
        order = self._quote(self.silver, 400)
        self.assertEqual(order.amount_total, 380)
        order.action_confirm()
        card = self.program._get_member_card(self.silver)
        self.assertEqual(card.tier_id, self.gold_tier)
        order._update_programs_and_rewards()
        self.assertEqual(order.amount_total, 380)
        self.assertEqual(self._quote(self.silver).amount_total, 90, "the next one")

    def test_a_confirmed_order_keeps_the_discount(self):
        order = self._quote(self.gold)
        order.action_confirm()
        self.program._get_member_card(self.gold).sudo().member_state = "left"
        self.env.invalidate_all()
        order.action_open_reward_wizard()
        self.assertEqual(order.amount_total, 90)

    def test_a_cancelled_order_can_be_confirmed_again(self):
        order = self._quote(self.gold)
        order.action_confirm()
        order._action_cancel()
        self.assertEqual(order.amount_total, 100)
        order.action_draft()
        order.action_confirm()
        self.assertEqual(order.amount_total, 90)
        self.assertEqual(self.ten.discount_program_id.shared_card_id.points, 0)

    def test_a_salesperson_takes_the_discount_off_and_brings_it_back(self):
        order = self._quote(self.gold)
        order._get_benefit_lines().unlink()
        order._update_programs_and_rewards()
        self.assertTrue(order.has_no_benefits)
        self.assertEqual(order.amount_total, 100)
        order.action_open_reward_wizard()
        self.assertEqual(order.amount_total, 90)
        order._get_benefit_lines().unlink()
        order.action_confirm()
        self.assertEqual(order.amount_total, 100)

    def test_a_copy_starts_anew(self):
        order = self._quote(self.gold)
        order.action_confirm()
        copy = order.copy()
        self.assertFalse(copy.has_no_benefits)
        self.assertEqual(copy.amount_total, 90)
        self.assertEqual(len(copy._get_benefit_lines()), 1)

    def test_an_import_keeps_its_prices(self):
        order = self._make_order(self.gold).sudo()
        order.action_confirm()
        self.assertEqual(order.amount_total, 100)

    def test_a_changed_line_of_a_sold_order_writes_no_balance(self):
        order = self._quote(self.gold)
        order.action_confirm()
        order._get_benefit_lines().points_cost = 0
        self.assertEqual(self.ten.discount_program_id.shared_card_id.points, 0)
