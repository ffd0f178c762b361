import logging

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestCardValue(TillCase):
    """What gift cards and eWallets get and lose is computed from the sale's lines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.voucher = cls._make_product("Voucher", 50)
        cls.wallets = cls._make_from_template("ewallet")
        cls.gift_cards = cls._make_from_template("gift_card")
        cls.wallet = cls._make_wallet(cls.member)
        cls.other = cls._make_wallet(cls.stranger)

    @classmethod
    def _make_from_template(cls, name):
        """Make a programme as the button of the template does."""
        programs = cls.env["loyalty.program"]
        program = programs.browse(programs.create_from_template(name)["res_id"])
        program.currency_id = cls.till.currency_id
        program.rule_ids.product_ids = [Command.set(cls.voucher.ids)]
        return program

    @classmethod
    def _make_wallet(cls, partner):
        values = {"program_id": cls.wallets.id, "partner_id": partner.id, "points": 40}
        return cls.env["loyalty.card"].create(values)

    def _confirm(self, order, wishes, program=None):
        """Say what a till says after the sale; wishes are {card or number: points}."""
        program = program or self.wallets
        data = {}
        for card, points in wishes.items():
            key = card if isinstance(card, int) else card.id
            data[str(key)] = {
                "points": points,
                "program_id": program.id,
                "coupon_id": key,
                "line_codes": order.lines.filtered(
                    lambda line, key=key: line.coupon_id.id == key
                ).mapped("reward_identifier_code"),
            }
        return order.with_user(self.cashier).confirm_coupon_programs(data)

    def _top_up(self, qty=1, **values):
        return self._sell(self.member, self._line(self.voucher, qty), **values)

    def _pay_by_wallet(self, amount):
        reward = self.wallets.reward_ids
        line = self._reward_line(reward, amount, card=self.wallet, points_cost=amount)
        return self._sell(self.member, self._line(self.record), line)

    def _notes(self, order):
        return " ".join(order.message_ids.mapped("body"))

    def test_what_is_made_in_the_menu_is_computed_and_the_rest_is_as_in_odoo(self):
        self.assertTrue(self.wallets.computes_card_value)
        programs = self.env["loyalty.program"]
        names = ["computes_card_value"]
        menu = programs.with_context(menu_type="gift_ewallet")
        self.assertTrue(menu.default_get(names)["computes_card_value"])
        self.assertFalse(programs.default_get(names).get("computes_card_value"))

    def test_a_wallet_gets_what_was_sold_whatever_the_till_says(self):
        order = self._top_up()
        with self.assertLogs("odoo.addons.loyalty_program_pos", logging.INFO):
            result = self._confirm(order, {self.wallet: 5000})
        self.assertEqual(self.wallet.points, 90)
        self.assertEqual(result["coupon_updates"][0]["points"], 90)
        self.assertIn("that was booked", self._notes(order))
        self._confirm(order, {self.wallet: 5000})
        self.assertEqual(self.wallet.points, 90)
        self.assertEqual(self._notes(order).count("that was booked"), 1)

    def test_a_wallet_loses_what_it_paid_whatever_the_till_says(self):
        for wish in (-1, 0, 5000, -5000):
            with self.subTest(wish):
                self.wallet.points = 40
                self._confirm(self._pay_by_wallet(20), {self.wallet: wish})
                self.assertEqual(self.wallet.points, 20)

    def test_a_till_that_says_the_right_thing_is_believed_without_a_word(self):
        topped_up, paid = self._top_up(), self._pay_by_wallet(20)
        self._confirm(topped_up, {self.wallet: 50})
        self._confirm(paid, {self.wallet: -20})
        self.assertEqual(self.wallet.points, 70)
        self.assertNotIn("Please check", self._notes(topped_up) + self._notes(paid))

    def test_money_does_not_go_from_one_wallet_to_another(self):
        order = self._sell(self.member, self._line(self.record))
        self._confirm(order, {self.wallet: 40, self.other: -40})
        self.assertEqual((self.wallet.points, self.other.points), (40, 40))

    def test_a_refund_to_a_wallet_is_paid_out_once(self):
        sold = self._sell(self.member, self._line(self.record))
        back = self._sell(
            self.member,
            self._line(self.record, -1, refunded_orderline_id=sold.lines.id),
            self._reward_line(self.wallets.reward_ids, -30, card=self.wallet),
        )
        self._confirm(back, {self.wallet: 30, self.other: 30})
        self.assertEqual((self.wallet.points, self.other.points), (70, 40))

    def test_what_a_refund_puts_on_a_wallet_as_a_top_up_is_there(self):
        sold = self._sell(self.member, self._line(self.record))
        back = self._sell(
            self.member,
            self._line(self.record, -1, refunded_orderline_id=sold.lines.id),
            self._line(self.voucher, 1, price=30),
        )
        self.assertTrue(back.is_refund)
        self._confirm(back, {self.wallet: 30, self.other: 30})
        self.assertEqual(self.wallet.points + self.other.points, 110)

    def test_gift_cards_share_what_was_sold(self):
        right, wrong = self._top_up(2), self._top_up(2)
        for order, points in ((right, 50), (wrong, 900)):
            self._confirm(order, {-1: points, -2: points}, self.gift_cards)
            made = self.gift_cards.coupon_ids.filtered(
                lambda card, order=order: card.source_pos_order_id == order
            )
            self.assertEqual(made.mapped("points"), [50, 50])
        self.assertNotIn("Please check", self._notes(right))

    def test_a_gift_card_that_is_exchanged_is_worth_what_it_costs(self):
        sold = self._top_up()
        again = self._sell(
            self.member,
            self._line(self.voucher, -1, refunded_orderline_id=sold.lines.id),
            self._line(self.voucher),
        )
        self._confirm(again, {-1: 50}, self.gift_cards)
        self.assertEqual(self.gift_cards.coupon_ids.points, 50)

    def test_a_printed_card_is_sold_with_what_it_holds(self):
        card = self.env["loyalty.card"].create(
            {"program_id": self.gift_cards.id, "points": 50, "code": "PRINTED-1"}
        )
        order = self._top_up()
        wish = {"points": 50, "program_id": self.gift_cards.id, "code": "PRINTED-1"}
        order.with_user(self.cashier).confirm_coupon_programs({"-1": wish})
        self.assertEqual(self.gift_cards.coupon_ids, card)
        self.assertEqual(card.points, 50)
        self.assertNotIn("Please check", self._notes(order))

    def test_what_is_no_number_is_refused(self):
        order = self._top_up()
        for points in (float("nan"), float("inf"), 1e300, "many"):
            with self.subTest(points), self.assertRaisesRegex(UserError, "no number"):
                self._confirm(order, {self.wallet: points})
        self.assertEqual(self.wallet.points, 40)

    def test_a_programme_that_is_known_is_not_looked_up_again(self):
        order = self._top_up()
        order._get_loyalty_program(self.wallets.id)
        with self.assertQueryCount(0):
            self.assertEqual(order._get_loyalty_program(self.wallets.id), self.wallets)
        for unknown in (2**31 - 1, False, None):
            self.assertFalse(order._get_loyalty_program(unknown))
