from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestSaleEarning(LoyaltyCase):
    """A confirmed sales order earns what the rules say, once."""

    def test_a_confirmed_order_earns_one_point_per_unit_of_money(self):
        order = self._buy(99.99)
        entry = self._entries(order)
        self.assertEqual((entry.entry_type, entry.points), ("earn", 99))
        self.assertEqual(entry.base_amount, 99.99)
        self.assertEqual(entry.channel, "sale")
        self.assertEqual(entry.posted_by_id, self.salesperson)
        self.assertEqual(entry.origin_display, order.name)
        self.assertIn("99.99", entry.breakdown_text)
        self.assertEqual(self.card.points, 99)
        self.assert_balanced()

    def test_a_quotation_earns_nothing(self):
        order = self._make_order(self.member, 100)
        order._update_programs_and_rewards()
        self.assertEqual(order.coupon_point_ids.points, 100)
        self.assertFalse(self._entries())
        self.assertEqual(self.card.points, 0)

    def test_points_rest_on_the_price_with_tax(self):
        tax = self.env["account.tax"].create(
            {"name": "20 %", "amount": 20, "price_include_override": "tax_excluded"}
        )
        line = {"price_unit": 100, "tax_ids": [Command.set(tax.ids)]}
        self._buy(line)
        self.assertEqual(self.card.points, 120)
        self.assertEqual(self._entries().base_amount, 120)

    def test_a_price_that_includes_its_tax_is_not_taxed_twice(self):
        tax = self.env["account.tax"].create(
            {"name": "20 % in", "amount": 20, "price_include_override": "tax_included"}
        )
        self._buy({"price_unit": 120, "tax_ids": [Command.set(tax.ids)]})
        self.assertEqual(self.card.points, 120)

    def test_a_discount_on_the_line_lowers_what_is_earned(self):
        self._buy({"price_unit": 100, "discount": 12.5})
        self.assertEqual(self.card.points, 87)

    def test_a_promotion_lowers_what_is_earned(self):
        promotion = self.env["loyalty.program"].create(
            {
                "name": "10 % off",
                "program_type": "promotion",
                "applies_on": "current",
                "trigger": "auto",
                "rule_ids": [Command.create({"minimum_qty": 1})],
                "reward_ids": [
                    Command.create({"reward_type": "discount", "discount": 10})
                ],
            }
        )
        order = self._make_order(self.member, 100)
        order._update_programs_and_rewards()
        coupon = order.coupon_point_ids.coupon_id.filtered(
            lambda card: card.program_id == promotion
        )
        order._apply_program_reward(promotion.reward_ids, coupon)
        order.action_confirm()
        self.assertEqual(order.amount_total, 90)
        self.assertEqual(self.card.points, 90)

    def test_a_discount_given_by_hand_lowers_what_is_earned(self):
        discount = self._make_product("Discount")
        self.company.sale_discount_product_id = discount
        only_records = {
            "reward_point_mode": "money",
            "reward_point_amount": 1,
            "product_ids": [Command.set(self.product.ids)],
        }
        by_unit = {
            "reward_point_mode": "unit",
            "reward_point_amount": 1000,
        }
        self.program.rule_ids.unlink()
        self.program.rule_ids = [Command.create(only_records), Command.create(by_unit)]
        self._buy(100, {"product_id": discount.id, "price_unit": -20})
        self.assertEqual(self.card.points, 80 + 1000)

    def test_delivery_earns_nothing(self):
        order = self._make_order(self.member, 100, 15)
        delivery = order.order_line[1].sudo()
        with patch.object(
            self.registry["sale.order"],
            "_get_no_effect_on_threshold_lines",
            lambda order: delivery,
        ):
            order.action_confirm()
        self.assertEqual(self.card.points, 100)

    def test_sections_and_notes_earn_nothing(self):
        order = self._make_order(self.member, 100)
        order.order_line = [
            Command.create({"display_type": "line_note", "name": "Gift wrap, please"})
        ]
        order.action_confirm()
        self.assertEqual(self.card.points, 100)

    def test_an_order_in_foreign_money_earns_in_the_programmes(self):
        foreign = self.env["res.currency"].create(
            {
                "name": "TST",
                "symbol": "T",
                "rounding": 0.01,
                "rate_ids": [Command.create({"name": "2026-01-01", "rate": 4})],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": foreign.id}
        )
        self._buy(403, pricelist_id=pricelist.id)
        self.assertEqual(self.card.points, 100)
        self.assertEqual(self._entries().base_amount, 100.75)

    def test_each_rule_is_a_sentence_of_the_explanation(self):
        extra = {
            "reward_point_mode": "unit",
            "reward_point_amount": 5,
            "product_ids": [Command.set(self.product.ids)],
        }
        self.program.rule_ids = [Command.create(extra)]
        order = self._buy({"price_unit": 10, "product_uom_qty": 2})
        self.assertEqual(self.card.points, 20 + 10)
        self.assertEqual(len(self._entries(order).breakdown["rules"]), 2)

    def test_a_rule_with_a_minimum_waits_for_it(self):
        self.program.rule_ids.minimum_amount = 50
        order = self._buy(49.99)
        self.assertEqual(self.card.points, 0)
        self.assertEqual(self._entries(order).base_amount, 49.99)
        self._buy(50)
        self.assertEqual(self.card.points, 50)

    def test_a_rule_with_a_code_waits_for_the_code(self):
        code = {
            "mode": "with_code",
            "code": "SUMMER26",
            "reward_point_mode": "order",
            "reward_point_amount": 50,
        }
        self.program.rule_ids = [Command.create(code)]
        self._buy(100)
        self.assertEqual(self.card.points, 100)
        order = self._make_order(self.member, 100)
        order.code_enabled_rule_ids = self.program.rule_ids[1]
        order.action_confirm()
        self.assertEqual(self.card.points, 100 + 150)

    def test_what_the_quotation_was_told_about_points_is_not_believed(self):
        order = self._make_order(self.member, 100)
        order._update_programs_and_rewards()
        order.coupon_point_ids.sudo().points = 100000
        order.action_confirm()
        self.assertEqual(self.card.points, 100)

    def test_confirming_twice_earns_once(self):
        order = self._buy(100)
        order.sudo()._post_loyalty()
        self.assertEqual(self.card.points, 100)
        self.assertEqual(len(self._entries(order)), 1)

    def test_a_batch_of_orders_earns_for_each(self):
        other = self._make_member("Olga Other")
        orders = self._make_order(self.member, 100)
        orders |= self._make_order(self.member, 30)
        orders |= self._make_order(other.partner_id, 7)
        orders.action_confirm()
        self.assertEqual((self.card.points, other.points), (130, 7))

    def test_who_joins_after_the_order_earns_nothing_from_it(self):
        late = self._make_partner("Lara Late")
        order = self._buy(100, partner=late)
        card = self.program._enrol(late, "backoffice", True)
        order.action_open_reward_wizard()
        self.assertFalse(self._entries(card=card))
        self.assertEqual(card.points, 0)
