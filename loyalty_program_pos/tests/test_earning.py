import logging
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestEarning(TillCase):
    def test_a_paid_order_earns_what_the_rules_say(self):
        order = self._sell(
            self.member, self._line(self.coffee, 2), self._line(self.record)
        )
        entry = self._entries(order)
        self.assertEqual(entry.entry_type, "earn")
        self.assertEqual(entry.points, 38)
        self.assertEqual(entry.base_amount, 38)
        self.assertEqual(entry.channel, "pos")
        self.assertEqual(entry.card_id, self.card)
        self.assertEqual(self.card.points, 38)

    def test_money_below_the_first_point_is_an_entry_of_no_points(self):
        sweet = self._line(self.coffee, price=0.4)
        entry = self._entries(self._sell(self.member, sweet))
        self.assertEqual((entry.entry_type, entry.points), ("earn", 0))
        self.assertEqual(entry.base_amount, 0.4)
        self.assertTrue(entry.tier_date)

    def test_points_wait_for_the_return_window(self):
        self.program.hold_days = 14
        order = self._sell(self.member, self._line(self.record))
        self.assertEqual(self.card.points, 0)
        self.assertEqual(self.card.points_pending, 30)
        figures = order.loyalty_result[0]
        self.assertEqual(figures["pending"], 30)
        self.assertTrue(figures["availableOn"])

    def test_an_order_sent_twice_earns_once(self):
        values = self._order_values(self.member, self._line(self.record))
        order = self._sync(dict(values))
        self.assertEqual(self._sync(dict(values)), order)
        order.action_pos_order_paid()
        self.assertEqual(len(self._entries(order)), 1)
        self.assertEqual(self.card.points, 30)

    def test_a_draft_order_earns_nothing(self):
        values = self._order_values(self.member, self._line(self.record))
        order = self._sync({**values, "state": "draft", "payment_ids": []})
        self.assertFalse(self._entries(order))

    def test_a_customer_who_did_not_join_earns_nothing_and_gets_no_card(self):
        order = self._sell(self.stranger, self._line(self.record))
        result = order.with_user(self.cashier).confirm_coupon_programs(
            {
                "-1": {
                    "points": 30,
                    "program_id": self.program.id,
                    "coupon_id": -1,
                    "partner_id": self.stranger.id,
                }
            }
        )
        self.assertFalse(self._entries(order))
        self.assertFalse(result["coupon_updates"])
        cards = self.program.coupon_ids.filtered(
            lambda c: c.partner_id == self.stranger
        )
        self.assertFalse(cards)

    def test_what_the_till_says_about_points_is_ignored(self):
        order = self._sell(self.member, self._line(self.record))
        wish = {
            str(self.card.id): {
                "points": 1000000,
                "program_id": self.program.id,
                "coupon_id": self.card.id,
            }
        }
        # Odoo gives the name INFO to another level: the number is certain.
        with self.assertLogs("odoo.addons.loyalty_program_pos", logging.INFO):
            result = order.with_user(self.cashier).confirm_coupon_programs(wish)
        self.assertEqual(self.card.points, 30)
        update = result["coupon_updates"][0]
        self.assertEqual((update["id"], update["points"]), (self.card.id, 30))

    def test_a_card_cannot_be_smuggled_in_under_another_programme(self):
        other = self.env["loyalty.program"].create(
            {"name": "Recorded", "program_type": "loyalty", "applies_on": "both"}
        )
        order = self._sell(self.member, self._line(self.record))
        order.with_user(self.cashier).confirm_coupon_programs(
            {str(self.card.id): {"points": 500, "program_id": other.id}}
        )
        self.assertEqual(self.card.points, 30)

    def test_a_till_cannot_ask_for_the_balance_of_somebody_else(self):
        order = self._sell(self.stranger, self._line(self.record))
        result = order.with_user(self.cashier).confirm_coupon_programs(
            {str(self.card.id): {"points": 0, "program_id": self.program.id}}
        )
        self.assertFalse(result["coupon_updates"])

    def test_tips_earn_nothing(self):
        tip = self._make_product("Tip", 5)
        self.till.write({"iface_tipproduct": True, "tip_product_id": tip.id})
        order = self._sell(self.member, self._line(self.record), self._line(tip))
        self.assertEqual(self._entries(order).points, 30)

    def test_a_discount_line_lowers_the_points(self):
        cut = self._make_product("Staff price", -10)
        order = self._sell(self.member, self._line(self.record), self._line(cut))
        self.assertEqual(self._entries(order).points, 20)

    def test_a_combo_counts_once_at_the_price_of_its_items(self):
        values = self._order_values(
            self.member,
            self._line(self.coffee, price=0),
            self._line(self.coffee),
            self._line(self.record),
        )
        order = self._sync({**values, "state": "draft", "payment_ids": []})
        parent, *items = order.lines
        for item in items:
            item.combo_parent_id = parent
        basket = order._get_loyalty_basket(self.program)
        self.assertEqual([line.ref for line in basket.lines], [parent.id])
        self.assertEqual(basket.lines[0].total, 34)

    def test_two_programmes_post_one_entry_each(self):
        second = self._make_program(
            rule_ids=[
                Command.create({"reward_point_mode": "order", "reward_point_amount": 7})
            ]
        )
        card = second.sudo()._enrol(self.member, "pos", True)
        order = self._sell(self.member, self._line(self.record))
        self.assertEqual(len(self._entries(order)), 2)
        self.assertEqual((self.card.points, card.points), (30, 7))

    def test_a_programme_of_another_till_earns_nothing_here(self):
        self.program.pos_config_ids = self.pos_config_eur
        order = self._sell(self.member, self._line(self.record))
        self.assertFalse(self._entries(order))

    def test_a_paid_order_is_kept_when_the_ledger_objects(self):
        ledger = self.env.registry["loyalty.ledger"]
        with (
            patch.object(ledger, "_post", side_effect=UserError("Not like this.")),
            self.assertLogs("odoo.addons.loyalty_program_pos", "WARNING"),
        ):
            order = self._sell(self.member, self._line(self.record))
        self.assertEqual(order.state, "paid")
        self.assertFalse(self._entries(order))
        self.assertIn("Not like this.", order.message_ids[0].body)
