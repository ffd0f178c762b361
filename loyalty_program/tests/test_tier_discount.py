from odoo.fields import Command
from odoo.tests import tagged

from .benefit_common import BenefitCase


@tagged("post_install", "-at_install")
class TestTierDiscount(BenefitCase):
    """Silver pays 5 % less, Gold 10 %, in every quotation and without a click."""

    def test_a_quotation_of_a_tier_is_cheaper_by_itself(self):
        self.assertEqual(self._quote(self.silver).amount_total, 95)
        self.assertEqual(self._quote(self.gold).amount_total, 90)
        self.assertEqual(self._quote(self.member).amount_total, 100, "Bronze")
        self.assertEqual(self._quote(self._make_partner()).amount_total, 100)

    def test_the_discount_follows_the_lines(self):
        order = self._quote(self.gold)
        order.order_line = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "price_unit": 50,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        self.assertEqual(order.amount_total, 135)
        goods = order.order_line.filtered(lambda line: not line.reward_id)
        order.order_line = [Command.update(goods[0].id, {"product_uom_qty": 2})]
        self.assertEqual(order.amount_total, 225)

    def test_the_discount_follows_the_customer(self):
        order = self._quote(self.gold)
        order.partner_id = self.silver
        self.assertEqual(order.amount_total, 95)
        order.partner_id = self.member
        self.assertEqual(order.amount_total, 100)
        self.assertFalse(order.coupon_point_ids.coupon_id._get_shared())

    def test_who_left_or_is_frozen_has_no_discount(self):
        card = self.program._get_member_card(self.gold).sudo()
        for state in ("frozen", "left"):
            card.member_state = state
            self.assertEqual(self._quote(self.gold).amount_total, 100, state)

    def test_who_leaves_in_the_middle_pays_the_price(self):
        order = self._quote(self.gold)
        self.program._get_member_card(self.gold).sudo().member_state = "left"
        order.action_confirm()
        self.assertEqual(order.amount_total, 100)

    def test_each_tax_has_its_part(self):
        low, high = (
            self.env["account.tax"].create(
                {"name": f"VAT {rate}", "amount": rate, "price_include_override": kind}
            )
            for rate, kind in ((10, "tax_excluded"), (20, "tax_included"))
        )
        order = self._quote(
            self.gold,
            {"price_unit": 100, "tax_ids": [Command.set(low.ids)]},
            {"price_unit": 120, "tax_ids": [Command.set(high.ids)]},
        )
        # 110 and 120 with tax, 100 and 100 without: a tenth of each is gone.
        self.assertAlmostEqual(order.amount_total, 207)
        self.assertAlmostEqual(order.amount_untaxed, 180)
        self.assertEqual(len(order._get_benefit_lines()), 2)

    # === The best of several ===

    def test_a_better_discount_takes_its_place(self):
        order = self._quote(self.gold)
        self._claim_promotion(order, self._make_promotion(20))
        self.assertEqual(order.amount_total, 80)
        self.assertFalse(order._get_benefit_lines())
        order.action_confirm()
        self.assertEqual(order.amount_total, 80)

    def test_a_worse_discount_is_refused(self):
        order = self._quote(self.gold)
        status = self._claim_promotion(order, self._make_promotion(4))
        self.assertIn("error", status)
        self.assertEqual(order.amount_total, 90)

    def test_money_and_percent_are_compared_as_money(self):
        order = self._quote(self.silver)
        eight = self._make_promotion(8, "per_order")
        self.assertFalse(self._claim_promotion(order, eight))
        self.assertEqual(order.amount_total, 92, "8 is more than 5 % of 100")
        goods = order.order_line.filtered(lambda line: not line.reward_id)
        order.order_line = [Command.update(goods.id, {"product_uom_qty": 3})]
        order._update_programs_and_rewards()
        self.assertEqual(order.amount_total, 285, "5 % of 300 is more than 8")

    def test_a_discount_is_worth_no_more_than_its_limit(self):
        order = self._quote(self.gold)
        limited = self._make_promotion(50, discount_max_amount=7)
        self.assertIn("error", self._claim_promotion(order, limited))
        self.assertEqual(order.amount_total, 90)

    def test_the_tier_returns_when_the_better_one_goes(self):
        order = self._quote(self.gold)
        better = self._make_promotion(20)
        self._claim_promotion(order, better)
        better.active = False
        order._update_programs_and_rewards()
        self.assertEqual(order.amount_total, 90)

    def test_points_still_buy_a_reward(self):
        card = self.program._get_member_card(self.gold)
        order = self._quote(self.gold)
        self.assertFalse(self._claim_reward(order, 100, card))
        order._update_programs_and_rewards()
        self.assertEqual(order.amount_total, 85, "10 % and 5 off for 100 points")
        order.action_confirm()
        self.assertEqual(order.amount_total, 85)
        story = self._story(order, card)
        self.assertEqual(story, [("redeem", -100), ("earn", 85)])
