from datetime import datetime

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestEarnCaps(LoyaltyCase):
    """A limit per order, and one per member and period."""

    def test_an_order_earns_no_more_than_its_limit(self):
        self.program.order_cap = 50
        order = self._buy(99.5)
        entry = self._entries(order)
        self.assertEqual((entry.points, entry.base_amount), (50, 99.5))
        self.assertIn("At most 50 an order.", entry.breakdown_text)
        self._buy(49)
        self.assertEqual(self.card.points, 99)

    def test_a_member_earns_no_more_than_the_limit_of_the_month(self):
        self.program.member_cap = 100
        self._buy(80)
        second = self._buy(80)
        third = self._buy(80)
        self.assertEqual(self._entries(second).points, 20)
        self.assertIn(
            "At most 100 a month, 80 before.", self._entries(second).breakdown_text
        )
        self.assertEqual(self._entries(third).points, 0)
        self.assertEqual(self._entries(third).base_amount, 80)
        self.assertEqual(self.card.points, 100)
        self.assert_balanced()

    def test_a_new_period_makes_room(self):
        self.program.member_cap = 100
        self._buy(150)
        with freeze_time("2026-07-01 00:00:01"):
            self._buy(150)
        self.assertEqual(self.card.points, 200)

    def test_the_period_is_the_programmes(self):
        moment = datetime(2026, 6, 30, 23, 30)
        self.company.partner_id.tz = "Europe/Berlin"
        spans = {
            "day": ("2026-07-01", "2026-07-01"),
            "week": ("2026-06-29", "2026-07-05"),
            "month": ("2026-07-01", "2026-07-31"),
            "year": ("2026-01-01", "2026-12-31"),
        }
        for length, span in spans.items():
            self.program.member_cap_period = length
            days = self.program._get_cap_period(moment)
            self.assertEqual(tuple(map(fields.Date.to_string, days)), span)

    def test_what_is_returned_makes_room_again(self):
        self.program.member_cap = 100
        order = self._buy(80)
        order.sudo()._action_cancel()
        self._buy(90)
        self.assertEqual(self.card.points, 90)

    def test_each_member_has_a_limit_of_their_own(self):
        self.program.member_cap = 100
        other = self._make_member("Olga Other")
        self._buy(100)
        self._buy(100, partner=other.partner_id)
        self.assertEqual((self.card.points, other.points), (100, 100))

    def test_gifts_and_corrections_do_not_use_the_limit_up(self):
        self.program.member_cap = 100
        self._post(500)
        self._post(40, "bonus")
        self._buy(100)
        self.assertEqual(self.card.points, 640)

    def test_orders_of_one_batch_share_the_limit(self):
        self.program.member_cap = 100
        orders = self._make_order(self.member, 70)
        orders |= self._make_order(self.member, 70)
        orders.action_confirm()
        self.assertEqual(self.card.points, 100)

    def test_the_same_posting_again_posts_nothing_although_the_limit_is_used_up(self):
        self.program.member_cap = 100
        first = self._buy(80)
        second = self._buy(80)
        for order in (first, second):
            order.sudo()._post_loyalty()
        self.assertEqual(self.card.points, 100)

    def test_a_retry_beside_a_new_purchase_takes_its_room_once(self):
        self.program.member_cap = 100
        bought = {"entry_type": "earn", "breakdown": {"rules": []}}
        first = self._make_posting(80, key="order-1", **bought)
        self.ledger._post([first])
        self.ledger._post([first, self._make_posting(70, key="order-2", **bought)])
        self.assertEqual(self.card.points, 100)
        other = self._make_posting(90, key="order-1", **bought)
        with self.assertRaisesRegex(ValidationError, "was used before"):
            self.ledger._post([other])

    def test_a_retry_under_both_limits_is_the_same(self):
        self.program.write({"order_cap": 50, "member_cap": 70})
        self._buy(99)
        second = self._buy(99)
        second.sudo()._post_loyalty()
        self.assertEqual(self._entries(second).points, 20)

    def test_what_a_member_may_still_earn_is_known(self):
        self.assertEqual(self.card.cap_room, -1)
        self.program.member_cap = 100
        self.card.invalidate_recordset(["cap_room"])
        self.assertEqual(self.card.cap_room, 100)
        self._buy(130)
        self.card.invalidate_recordset(["cap_room"])
        self.assertEqual(self.card.cap_room, 0)

    def test_the_preview_of_an_order_knows_the_limit(self):
        self.program.member_cap = 100
        self._buy(80)
        order = self._make_order(self.member, 80)
        order._update_programs_and_rewards()
        self.assertEqual(order.coupon_point_ids.points, 20)

    def test_a_limit_below_nothing_is_refused(self):
        for field in ("order_cap", "member_cap"):
            with self.assert_refused_by_sql():
                self.program.write({field: -1})
                self.program.flush_recordset()
