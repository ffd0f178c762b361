from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestRefund(TillCase):
    def _refund(self, order, qty):
        line = order.lines[0]
        return self._sell(
            self.member,
            self._line(line.product_id, -qty, refunded_orderline_id=line.id),
        )

    def test_a_full_refund_takes_the_points_back(self):
        order = self._sell(self.member, self._line(self.record, 3))
        refund = self._refund(order, 3)
        entry = self._entries(refund)
        self.assertEqual(entry.entry_type, "earn_reversal")
        self.assertEqual(entry.reverses_id, self._entries(order))
        self.assertEqual(entry.points, -90)
        self.assertEqual(entry.base_amount, -90)
        self.assertEqual(self.card.points, 0)

    def test_refunds_in_parts_sum_to_the_whole(self):
        self.record.list_price = 9.99
        order = self._sell(self.member, self._line(self.record, 3))
        self.assertEqual(self.card.points, 29)
        balances = []
        for _part in range(3):
            self._refund(order, 1)
            balances.append(self.card.points)
        self.assertEqual(balances, [20, 10, 0])

    def test_a_refund_of_pending_points_leaves_the_balance_alone(self):
        self._give(10)
        self.program.hold_days = 14
        order = self._sell(self.member, self._line(self.record))
        self._refund(order, 1)
        self.assertEqual((self.card.points, self.card.points_pending), (10, 0))

    def test_an_exchange_earns_for_the_new_goods_only(self):
        order = self._sell(self.member, self._line(self.record))
        line = order.lines[0]
        self._sell(
            self.member,
            self._line(self.record, -1, refunded_orderline_id=line.id),
            self._line(self.coffee),
        )
        self.assertEqual(self.card.points, 4)

    def test_a_refund_sent_twice_takes_back_once(self):
        order = self._sell(self.member, self._line(self.record, 2))
        refund = self._refund(order, 1)
        refund.action_pos_order_paid()
        self.assertEqual(self.card.points, 30)
