from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestStockPolicy(TillCase):
    """A programme that was not made from the suite's template behaves as before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.recorded = cls.env["loyalty.program"].create(
            {
                "name": "Recorded",
                "program_type": "loyalty",
                "trigger": "auto",
                "applies_on": "both",
                "rule_ids": [Command.create({"reward_point_mode": "money"})],
            }
        )

    def _confirm(self, order, points, card_id=-1):
        values = {
            "points": points,
            "program_id": self.recorded.id,
            "coupon_id": card_id,
            "partner_id": order.partner_id.id,
        }
        return order.with_user(self.cashier).confirm_coupon_programs(
            {str(card_id): values}
        )

    def test_stock_makes_the_card_and_the_ledger_names_the_order(self):
        order = self._sell(self.stranger, self._line(self.record))
        result = self._confirm(order, 30)
        card = self.recorded.coupon_ids
        self.assertEqual(result["coupon_updates"][0]["id"], card.id)
        self.assertEqual((card.points, card.member_state), (30, "none"))
        entry = self._entries(order)
        self.assertEqual((entry.points, entry.entry_type), (30, "earn"))
        self.assertEqual((entry.channel, entry.card_id), ("pos", card))

    def test_what_the_till_says_counts_as_before(self):
        order = self._sell(self.stranger, self._line(self.record))
        self._confirm(order, 77)
        self.assertEqual(self.recorded.coupon_ids.points, 77)

    def test_spending_is_recorded_as_redeemed(self):
        self._confirm(self._sell(self.stranger, self._line(self.record)), 30)
        card = self.recorded.coupon_ids
        order = self._sell(self.stranger, self._line(self.record))
        self._confirm(order, -20, card.id)
        entry = self._entries(order)
        self.assertEqual((entry.entry_type, entry.points), ("redeem", -20))
        self.assertEqual(card.points, 10)

    def test_a_member_of_both_kinds_gets_both(self):
        order = self._sell(self.member, self._line(self.record))
        self._confirm(order, 30)
        self.assertEqual(self.card.points, 30)
        self.assertEqual(self.recorded.coupon_ids.points, 30)
        self.assertEqual(len(self._entries(order)), 2)
