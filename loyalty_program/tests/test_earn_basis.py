from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestEarnBasis(LoyaltyCase):
    """Which money earns, and how the points are rounded."""

    def _make_line(self, price, rate):
        tax = self.env["account.tax"].create(
            {
                "name": f"{rate} %",
                "amount": rate,
                "price_include_override": "tax_excluded",
            }
        )
        return {"price_unit": price, "tax_ids": [Command.set(tax.ids)]}

    def test_points_can_rest_on_the_price_without_tax(self):
        self.program.earn_basis = "untaxed"
        order = self._buy(self._make_line(100, 20))
        entry = self._entries(order)
        self.assertEqual((entry.points, entry.base_amount), (100, 100))
        self.assertIn("without tax", entry.breakdown_text)

    def test_points_can_be_rounded_up_or_to_the_nearest(self):
        for rounding, price, points in (
            ("down", 9.99, 9),
            ("half_up", 9.49, 9),
            ("half_up", 9.5, 10),
            ("up", 9.01, 10),
        ):
            with self.subTest(rounding=rounding, price=price):
                self.program.points_rounding = rounding
                self.assertEqual(self._entries(self._buy(price)).points, points)

    def test_points_can_be_rounded_line_by_line(self):
        order = self._buy(1.5, 1.5)
        self.assertEqual(self._entries(order).points, 3)
        self.program.rounding_scope = "line"
        order = self._buy(1.5, 1.5)
        self.assertEqual(self._entries(order).points, 2)

    def _buy_with_gift_card(self, price, amount):
        """Return an order that is partly paid by a gift card."""
        program = self.env["loyalty.program"].create(
            {
                "name": "Gift cards",
                "program_type": "gift_card",
                "applies_on": "future",
                "trigger": "auto",
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "per_point",
                            "discount": 1,
                            "discount_applicability": "order",
                            "required_points": 1,
                        }
                    )
                ],
            }
        )
        gift = self.env["loyalty.card"].create(
            {"program_id": program.id, "points": amount}
        )
        order = self._make_order(self.member, price).sudo()
        order._try_apply_code(gift.code)
        order._apply_program_reward(program.reward_ids, gift)
        order.action_confirm()
        self.assertEqual(order.amount_total, price - amount)
        return order

    def test_what_a_gift_card_pays_earns_nothing(self):
        self.program.earn_on_gift_cards = False
        entry = self._entries(self._buy_with_gift_card(100, 30))
        self.assertEqual((entry.points, entry.base_amount), (70, 70))
        self.assertIn("paid by gift card", entry.breakdown_text)

    def test_a_gift_card_can_be_money_like_any_other(self):
        self.program.earn_on_gift_cards = True
        entry = self._entries(self._buy_with_gift_card(100, 30))
        self.assertEqual((entry.points, entry.base_amount), (100, 100))

    def test_what_is_paid_with_points_earns_nothing(self):
        self._post(250)
        order = self._make_order(self.member, 100)
        self.assertFalse(self._claim_reward(order, 250))
        order.action_confirm()
        earned = self._entries(order).filtered(lambda e: e.entry_type == "earn")
        self.assertEqual(earned.points, 85)

    def test_a_product_given_away_earns_nothing_and_takes_nothing(self):
        product = self._make_product("Sticker", 8)
        self.program.reward_ids = [
            Command.create(
                {
                    "reward_type": "product",
                    "reward_product_id": product.id,
                    "required_points": 7,
                }
            )
        ]
        self.program.rule_ids = [
            Command.create({"reward_point_mode": "unit", "reward_point_amount": 1})
        ]
        self._post(7)
        order = self._make_order(self.member, 100)
        self.assertFalse(self._claim_reward(order, 7))
        order.action_confirm()
        earned = self._entries(order).filtered(lambda e: e.entry_type == "earn")
        self.assertEqual(earned.points, 101)

    def test_the_rate_is_the_one_of_the_orders_day(self):
        rates = [
            Command.create({"name": "2026-01-01", "rate": 4}),
            Command.create({"name": "2026-06-01", "rate": 2}),
        ]
        foreign = self.env["res.currency"].create(
            {"name": "TST", "symbol": "T", "rounding": 0.01, "rate_ids": rates}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": foreign.id}
        )
        self.program.earn_moment = "delivery"
        order = self._buy(400, pricelist_id=pricelist.id)
        order.sudo().date_order = "2026-05-31 10:00:00"
        order.sudo().order_line.qty_delivered = 1
        self.env.cr.flush()
        self.assertEqual(self.card.points, 100)

    def test_the_orders_day_is_the_companys(self):
        self.company.partner_id.tz = "Europe/Berlin"
        rates = [
            Command.create({"name": "2026-01-01", "rate": 4}),
            Command.create({"name": "2026-06-01", "rate": 2}),
        ]
        foreign = self.env["res.currency"].create(
            {"name": "TST", "symbol": "T", "rounding": 0.01, "rate_ids": rates}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": foreign.id}
        )
        for moment, points in (
            ("2026-05-31 21:59:00", 100),
            ("2026-05-31 22:01:00", 200),
        ):
            order = self._make_order(self.member, 400, pricelist_id=pricelist.id)
            with freeze_time(moment):
                order.action_confirm()
            self.assertEqual(self._entries(order).points, points, moment)

    def test_a_programme_that_counted_money_keeps_its_currency(self):
        foreign = self.env["res.currency"].create({"name": "TST", "symbol": "T"})
        self._post(500)
        self.program.currency_id = foreign
        self.program.currency_id = self.currency
        self._buy(100)
        with self.assertRaises(ValidationError):
            self.program.currency_id = foreign
        abroad = self.env["res.company"].create(
            {"name": "Abroad", "currency_id": foreign.id}
        )
        with self.assertRaises(ValidationError):
            self.program.company_id = abroad
            self.program.flush_recordset()

    def test_the_settings_cost_no_query(self):
        order = self._make_order(self.member, 100)
        self.program.hold_days  # noqa: B018 - reads the record
        with self.assertQueryCount(0):
            self.program._prepare_earn_terms()
        self.assertTrue(order)
