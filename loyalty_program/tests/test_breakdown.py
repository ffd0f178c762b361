from decimal import Decimal

from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestBreakdown(LoyaltyCase):
    """Every entry says why it has so many points, line by line."""

    def _explain(self, points, **facts):
        step = {"rule_id": 1, "mode": "money", "rate": "1", "base": "37.40"}
        steps = facts.pop("rules", [{**step, "points": "37.40"}])
        facts = {"rules": steps, "exact": "37.4", "lines": [], **facts}
        return self._post(points, "earn", breakdown=facts).breakdown_text

    def test_each_line_of_the_order_has_its_exact_share(self):
        order = self._buy(10, {"price_unit": 4.5, "product_uom_qty": 2}, 0.75)
        entry = self._entries(order)
        self.assertEqual(entry.points, 19)
        self.assertEqual(entry.breakdown["exact"], "19.75")
        self.assertEqual(
            entry.breakdown["lines"],
            [
                {"ref": line.id, "base": amount, "points": amount}
                for line, amount in zip(
                    order.order_line, ("10", "9", "0.75"), strict=True
                )
            ],
        )

    def test_each_line_is_told_by_name(self):
        book = self._make_product("Songbook")
        order = self._buy(
            10, {"product_id": book.id, "price_unit": 4.875, "product_uom_qty": 2}
        )
        first, second = self._entries(order).lines_text.split("\n")
        self.assertRegex(first, r"^1 × Record for .*10\.00.*: 10$")
        self.assertRegex(second, r"^2 × Songbook for .*9\.75.*: 9\.75$")
        self.assertFalse(self._post(5).lines_text)

    def test_goods_that_nobody_knows_any_more_are_told_all_the_same(self):
        facts = {
            "lines": [{"ref": 7, "base": "8", "points": "8.125"}],
            "goods": [{"ref": 7, "product_id": 2**31 - 1, "quantity": "5/2"}],
        }
        entry = self._post(8, "earn", breakdown=facts)
        self.assertRegex(entry.lines_text, r"^2\.5 × Goods for .*8\.00.*: 8\.125$")

    def test_two_rules_on_a_line_add_up(self):
        record = self._make_product("Extra record")
        extra = {
            "reward_point_mode": "unit",
            "reward_point_amount": 5,
            "product_ids": [Command.set(record.ids)],
        }
        self.program.rule_ids = [Command.create(extra)]
        order = self._buy(10, {"product_id": record.id, "price_unit": 3.5})
        shares = [line["points"] for line in self._entries(order).breakdown["lines"]]
        self.assertEqual(shares, ["10", "8.5"])

    def test_the_lines_share_a_discount(self):
        discount = self._make_product("Discount")
        self.company.sale_discount_product_id = discount
        order = self._buy(60, 40, {"product_id": discount.id, "price_unit": -10})
        lines = self._entries(order).breakdown["lines"]
        self.assertEqual([line["points"] for line in lines], ["54", "36"])
        self.assertEqual(sum(Decimal(line["base"]) for line in lines), 90)

    def test_rule_base_and_rate_are_told(self):
        text = self._explain(37)
        self.assertIn(f"1 per {self.currency.name} on ", text)
        self.assertIn("37.40", text)
        self.assertIn("= 37.4.", text)

    def test_the_way_of_rounding_is_told(self):
        self.assertIn("Rounded down to 37.", self._explain(37))
        self.assertIn("Rounded to 37.", self._explain(37, rounding="half_up"))
        self.assertIn("Rounded up to 38.", self._explain(38, rounding="up"))
        self.assertIn(
            "Each line rounded up: 39.",
            self._explain(39, rounding="up", per_line=True),
        )
        self.assertNotIn("ounded", self._explain(37, exact="37"))

    def test_a_multiplier_is_told(self):
        text = self._explain(56, multiplier="1.5", exact="56.1")
        self.assertIn("Times 1.5 = 56.1.", text)
        self.assertIn("Rounded down to 56.", text)

    def test_a_limit_is_told_and_is_no_rounding(self):
        caps = [
            {"per": "order", "limit": "30", "before": "37"},
            {"per": "month", "limit": "100", "before": "30", "used": "80"},
        ]
        text = self._explain(20, caps=caps)
        self.assertIn("Rounded down to 37.", text)
        self.assertIn("At most 30 an order.", text)
        self.assertIn("At most 100 a month, 80 before.", text)

    def test_money_of_gift_cards_and_without_tax_is_told(self):
        text = self._explain(37, vouchers="20", untaxed=True)
        self.assertIn("without tax", text)
        self.assertIn("20.00 paid by gift card", text.replace("\xa0", " "))

    def test_units_and_orders_are_told(self):
        unit = {"rule_id": 1, "mode": "unit", "rate": "2", "base": "3", "points": "6"}
        order = {"rule_id": 2, "mode": "order", "rate": "5", "base": "1", "points": "5"}
        text = self._explain(11, rules=[unit, order], exact="11")
        self.assertEqual(text, "2 for each of 3 = 6. 5 for the order.")

    def test_expired_points_tell_until_when_they_could_be_spent(self):
        self._post(20, "earn", expires_on="2026-06-29")
        self._run_nightly()
        entry = self._entries()[-1]
        self.assertEqual(entry.entry_type, "expire")
        self.assertEqual(
            entry.breakdown_text, "These points could be spent until 06/29/2026."
        )

    def test_a_balance_of_before_and_odoos_own_rules_are_told(self):
        opening = self._post(5, "opening")
        self.assertIn("before its ledger began", opening.breakdown_text)
        card = self._make_card(self._make_recorded_program())
        order = self._buy(30, partner=card.partner_id)
        entry = self._entries(order, card)
        self.assertEqual(entry.breakdown_text, "Computed by Odoo's own rules.")

    def test_large_numbers_keep_their_digits(self):
        entry = self._post(1234567)
        self.assertEqual(entry.display_name, "Adjusted +1,234,567")
        self.assertEqual(self._post(-7).display_name, "Adjusted -7")

    def test_numbers_are_written_as_the_reader_writes_them(self):
        german = self.env["res.lang"]._activate_lang("de_DE")
        step = {"rule_id": 1, "mode": "money", "rate": "0.5", "base": "2475.00"}
        facts = {
            "rules": [{**step, "points": "1237.50"}],
            "exact": "1237.5",
            "lines": [{"ref": 7, "base": "2475", "points": "1237.5"}],
        }
        entry = self._post(1237, "earn", breakdown=facts)
        entry = entry.with_context(lang=german.code)
        self.assertIn("0,5 ", entry.breakdown_text)
        self.assertIn("1.237,5.", entry.breakdown_text)
        self.assertIn("1.237.", entry.breakdown_text)
        self.assertRegex(entry.lines_text, r"1\.237,5$")

    def test_a_share_that_was_cut_is_no_rounding(self):
        text = self._explain(10, exact="9.999999999999", partial=True)
        self.assertIn("delivered now: 10.", text)
        self.assertNotIn("ounded", text)

    def test_what_has_no_arithmetic_has_no_sentences(self):
        self.assertEqual(self._post(5).breakdown_text, "")
