from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestPastPurchases(TillCase):
    """What was bought at the till before joining can be credited, once."""

    def _sell_before(self, days, *lines):
        moment = fields.Datetime.now() - timedelta(days=days)
        return self._sell(
            self.stranger, *lines, date_order=fields.Datetime.to_string(moment)
        )

    def test_till_orders_before_joining_earn_on_their_own_days(self):
        self._sell_before(60, self._line(self.record))
        order = self._sell_before(10, self._line(self.record), self._line(self.coffee))
        self.assertFalse(self._entries(order))
        card = self.program.sudo()._enrol(self.stranger, "pos", True)
        since = fields.Date.today() - timedelta(days=30)
        for _twice in range(2):
            card.sudo()._credit_past_purchases(since)
        entry = self._entries(order)
        self.assertEqual((entry.points, entry.channel), (34, "pos"))
        self.assertEqual(entry.occurred_at, order.date_order)
        self.assertEqual(card.points, 34)

    def test_what_was_bought_as_a_member_is_not_credited_again(self):
        self._sell(self.member, self._line(self.record))
        self.card.sudo()._credit_past_purchases(fields.Date.today())
        self.assertEqual(self.card.points, 30)

    def test_what_was_returned_since_is_not_credited(self):
        order = self._sell_before(10, self._line(self.record, 3))
        line = order.lines[0]
        self._sell_before(5, self._line(self.record, -1, refunded_orderline_id=line.id))
        card = self.program.sudo()._enrol(self.stranger, "pos", True)
        card.sudo()._credit_past_purchases(fields.Date.today() - timedelta(days=30))
        self.assertEqual(card.points, 60)
