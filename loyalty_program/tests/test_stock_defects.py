from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .stock_common import StockTooCase, on_stock


@tagged("post_install", "-at_install")
class TestStockDefects(StockTooCase):
    """One test for each defect of stock's points, by its number in stock-defects.md."""

    def _order_with_reward(self, amount, **values):
        order = self._make_order(self.member, amount, **values)
        self.assertFalse(self._claim_reward(order))
        return order

    @on_stock("rewards on the sale order is invalid", ValidationError)
    def test_defect_04_who_owes_points_may_still_buy(self):
        earning = self._buy(100)
        self._post(-100, "redeem")
        earning.sudo()._action_cancel()
        self.assertEqual(self.card.points, -100)
        order = self._make_order(self.member, 60)
        order._update_programs_and_rewards()
        order.action_confirm()
        self.assertEqual(self.card.points, -40)

    @on_stock("UserError not raised")
    def test_defect_06_orders_confirmed_together_spend_points_once(self):
        self._post(100)
        orders = self._order_with_reward(20) | self._order_with_reward(20)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            orders.action_confirm()
        self.env.invalidate_all()
        self.assertEqual(self.card.points, 100)
        self.assert_balanced()

    @on_stock(r"loyalty.history\(\) != loyalty.history\(\d+,\)")
    def test_defect_07_cancelling_deletes_nothing_of_the_history(self):
        order = self._buy(100)
        posted = self._entries(order)
        order.sudo()._action_cancel()
        self.assertEqual(self._entries(order)[:1], posted)
        self.assertEqual(sum(self._entries(order).mapped("points")), 0)

    @on_stock(r"Lists differ: \[\] != ")
    def test_defect_07_every_change_of_a_balance_is_in_the_history(self):
        card = self._make_card(self._make_recorded_program(), 300)
        card.points = 350
        self.assertEqual(self._story(card=card), [("adjust", 300), ("adjust", 50)])
        self.assert_balanced(card)

    @on_stock("-810.0 != 0")
    def test_defect_14_the_reward_button_of_a_confirmed_order_leaves_sums_right(self):
        self.program.reward_ids.required_points = 10_000
        order = self._buy(100).sudo()
        order.order_line = [
            Command.create({"product_id": self.product.id, "price_unit": 810})
        ]
        order.action_open_reward_wizard()
        self.assert_balanced()
        order._action_cancel()
        self.assertEqual(self.card.points, 0)
        self.assertEqual(sum(self._entries(order).mapped("points")), 0)

    @on_stock(r"loyalty.card\(\d+,\) is not false")
    def test_defect_15_the_points_of_the_former_customer_are_not_spent(self):
        for program in (self.program, self._make_recorded_program()):
            with self.subTest(program.name):
                self._check_former_customer(program)

    def _check_former_customer(self, program):
        if program == self.program:
            card = self._make_member("Former")
            self._post(100, card=card)
        else:
            card = self._make_card(program, 100)
        order = self._make_order(card.partner_id, 60).sudo()
        self._claim_reward(order, card=card)
        self.assertEqual(order.order_line.coupon_id, card)
        order.partner_id = self._make_partner("Latter")
        order.action_confirm()
        self.assertFalse(order.order_line.coupon_id)
        self.assertEqual(card.points, 100)
        self.assert_balanced(card)

    @on_stock("15000")
    def test_defect_17_points_are_counted_in_the_programmes_currency(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        yen.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": yen.id, "rate": 150, "name": "2020-01-01"}
        )
        prices = self.env["product.pricelist"].create(
            {"name": "Japan", "currency_id": yen.id}
        )
        order = self._buy(15_000, pricelist_id=prices.id)
        self.assertEqual(order.currency_id, yen)
        self.assertEqual(self._story(order), [("earn", 100)])

    @on_stock("{} is not true")
    def test_defect_18_a_point_too_few_buys_no_reward(self):
        self._set(self.program, points_scale=1, hold_days=14)
        self._post("99.6")
        order = self._make_order(self.member, 60)
        self.currency.rounding = 1
        self.assertTrue(self._claim_reward(order))
        self.assertFalse(order.order_line.reward_id)

    @on_stock("ValidationError not raised")
    def test_defect_19_what_is_no_number_is_no_balance(self):
        for points in (float("nan"), float("inf"), -float("inf"), 1e308):
            for card in (self.card, self._make_card(self._make_recorded_program())):
                with self.subTest(points), self.assertRaises(ValidationError):
                    card.points = points
        wizard = self.env["loyalty.card.update.balance"].create(
            {"card_id": self.card.id, "new_balance": 1e308, "description": "Gift"}
        )
        with self.assertRaises(ValidationError):
            wizard.action_update_card_point()
        self.assertEqual(self.card.points, 0)

    @on_stock("0.99999999999999.* != 1")
    def test_defect_20_ten_tenths_are_one_point(self):
        self._set(self.program, points_scale=1)
        for _time in range(10):
            self._post("0.1")
        self.assertEqual(self.card.points, 1)
        self.assertGreaterEqual(self.card.points, 1.0)

    @on_stock("100.0 != 0")
    def test_defect_21_expired_points_go_and_leave_a_trace(self):
        self._let_expire(12)
        self._buy(100)
        with freeze_time("2027-07-02 10:00:00"):
            self._run_nightly()
        self.assertEqual(self.card.points, 0)
        self.assertEqual(self._story()[-1], ("expire", -100))
        self.assert_balanced()

    @on_stock(r"loyalty.card\(\d+, .*\) is not false")
    def test_defect_23_a_quotation_that_comes_to_nothing_leaves_no_card(self):
        for program in (self.program, self._make_recorded_program()):
            for end in ("_action_cancel", "unlink"):
                with self.subTest(program=program.name, end=end):
                    partner = self._make_partner()
                    order = self._make_order(partner, 100).sudo()
                    order._update_programs_and_rewards()
                    getattr(order, end)()
                    self.assertFalse(self._find_cards(partner))

    def test_defect_23_a_card_that_another_quotation_needs_stays(self):
        self._make_recorded_program()
        partner = self._make_partner()
        first, second = (self._make_order(partner).sudo() for _number in range(2))
        first._update_programs_and_rewards()
        second._update_programs_and_rewards()
        card = self._find_cards(partner)
        first._action_cancel()
        self.assertEqual(self._find_cards(partner), card)
        second.action_confirm()
        self.assertEqual(card.points, 100)
        second._action_cancel()
        self.assertEqual(self._find_cards(partner), card)
        self.assert_balanced(card)

    def _find_cards(self, partner):
        return self.env["loyalty.card"].search([("partner_id", "=", partner.id)])

    @on_stock("sale.order.coupon.points", AccessError)
    def test_defect_26_a_plain_salesperson_cancels_an_order_with_points(self):
        order = self._buy(100)
        self.assertEqual(order.env.user, self.salesperson)
        order._action_cancel()
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self.card.points, 0)

    @on_stock("'another customer' not found in ''")
    def test_defect_16_a_personal_coupon_is_its_owners(self):
        coupons = self.env["loyalty.program"].create(
            {
                "name": "Ten off",
                "program_type": "coupons",
                "trigger": "with_code",
                "applies_on": "current",
                "reward_ids": [Command.create({"discount": 10})],
            }
        )
        coupon = self._make_card(coupons, 1, partner_id=self.member.id)
        other = self._make_order(self._make_partner("Other"))
        status = other._try_apply_code(coupon.code)
        self.assertIn("another customer", status.get("error", ""))
        self.assertFalse(other.applied_coupon_ids)
        own = self._make_order(self.member)
        self.assertNotIn("error", own._try_apply_code(coupon.code))
        own._apply_program_reward(coupons.reward_ids, coupon)
        self.assertEqual(own.order_line.coupon_id, coupon)
        own.partner_id = other.partner_id
        own._update_programs_and_rewards()
        self.assertFalse(own.order_line.coupon_id | own.applied_coupon_ids)

    def test_defect_16_a_personal_coupon_works_for_the_same_company(self):
        company = self._make_partner("Company", is_company=True)
        buyer, boss = (
            self._make_partner(name, parent_id=company.id) for name in ("Buyer", "Boss")
        )
        coupons = self.env["loyalty.program"].create(
            {
                "name": "Ten off",
                "program_type": "coupons",
                "trigger": "with_code",
                "applies_on": "current",
                "reward_ids": [Command.create({"discount": 10})],
            }
        )
        coupon = self._make_card(coupons, 1, partner_id=boss.id)
        order = self._make_order(buyer)
        self.assertNotIn("error", order._try_apply_code(coupon.code))
        self.assertEqual(order.applied_coupon_ids, coupon)

    @on_stock("UserError not raised")
    def test_defect_22_a_usage_limit_holds_when_orders_are_confirmed(self):
        promotion = self._make_limited_promotion()
        first, second = (self._make_order(self._make_partner()) for _number in range(2))
        for order in (first, second):
            order._update_programs_and_rewards()
        for order in (first, second):
            cards = order.coupon_point_ids.coupon_id
            card = cards.filtered(lambda card: card.program_id == promotion)
            order._apply_program_reward(promotion.reward_ids, card)
            self.assertTrue(order.order_line.reward_id)
        first.action_confirm()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            second.action_confirm()
        self.env.invalidate_all()
        self.assertEqual(second.state, "draft")

    def _make_limited_promotion(self):
        return self.env["loyalty.program"].create(
            {
                "name": "The first one",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "limit_usage": True,
                "max_usage": 1,
                "rule_ids": [Command.create({"minimum_qty": 0})],
                "reward_ids": [Command.create({"discount": 10})],
            }
        )

    @on_stock("not less than 1e-05")
    def test_defect_10_a_million_codes_meet_none_of_ten_million(self):
        bits = len(self.env["loyalty.card"]._generate_code().replace("-", "")[3:-1])
        space = 23**bits
        self.assertLess(1_000_000 * 10_000_000 / space, 1e-5)

    @on_stock("loyalty_history.order_id")
    def test_defect_13_no_hot_request_scans_a_table(self):
        self.env.cr.execute("SELECT tablename, indexdef FROM pg_indexes")
        indexes = {
            (table, column)
            for table, definition in self.env.cr.fetchall()
            for column in (definition.split("(")[1].split(",")[0].rstrip(")"),)
        }
        for table, column in (
            ("loyalty_history", "order_id"),
            ("sale_order_line", "coupon_id"),
            ("sale_order_line", "reward_id"),
            ("sale_order_coupon_points", "coupon_id"),
        ):
            self.assertTrue(
                {(table, column), (table, f"{column})")} & indexes
                or any(t == table and c.startswith(column) for t, c in indexes),
                f"{table}.{column}",
            )

    @on_stock(r"\d+ != \d+")
    def test_defect_25_a_change_of_points_writes_no_message(self):
        recorded = self._make_card(self._make_recorded_program(), 5)
        cards = self.card | recorded
        domain = [("model", "=", cards._name), ("res_id", "in", cards.ids)]
        self.cr.flush()
        before = self.env["mail.message"].search_count(domain)
        self._buy(100)
        recorded.points += 1
        # Messages of tracked fields are written at the end of the transaction.
        self.cr.flush()
        self.assertEqual((self.card.points, recorded.points), (100, 6))
        self.assertEqual(self.env["mail.message"].search_count(domain), before)

    @on_stock("100.0 != 0")
    def test_defect_03_a_full_credit_note_takes_the_points_back(self):
        order = self._buy(100)
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        refund = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "date": fields.Date.today()})
        )
        refund.refund_moves()
        refund.new_move_ids.action_post()
        self.assertEqual(self.card.points, 0)
        self.assert_balanced()
