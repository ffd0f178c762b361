from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestRefundUnlinked(TillCase):
    """Goods that come back to a till without their sale: a quantity below zero."""

    def _bring_back(self, product, qty=1, *lines, partner=None, **values):
        return self._sell(
            partner or self.member, self._line(product, -qty, **values), *lines
        )

    def test_they_take_what_they_would_earn(self):
        self._sell(self.member, self._line(self.record, 3))
        order = self._bring_back(self.record, 2)
        entry = self._entries(order)
        self.assertEqual((entry.entry_type, entry.points), ("adjust", -60))
        self.assertEqual((entry.base_amount, bool(entry.tier_date)), (-60, True))
        self.assertIn("Record: 2 of 2 returned.", entry.breakdown_text)
        self.assertIn("60 points, is taken back", entry.breakdown_text)
        self.assertEqual(self.card.points, 30)
        (figures,) = order.loyalty_result
        self.assertEqual((figures["takenBack"], figures["earned"]), (60, 0))

    def test_buying_and_bringing_back_leaves_nothing(self):
        for mode in ("money", "unit", "order"):
            with self.subTest(mode=mode):
                self.program.rule_ids.reward_point_mode = mode
                before = self.card.points
                self._sell(self.member, self._line(self.record))
                self._bring_back(self.record)
                self.assertEqual(self.card.points, before)

    def test_an_exchange_of_alike_goods_earns_nothing_more(self):
        for mode in ("money", "unit"):
            with self.subTest(mode=mode):
                self.program.rule_ids.reward_point_mode = mode
                before = self.card.points
                self._bring_back(self.record, 1, self._line(self.record))
                self.assertEqual(self.card.points, before)

    def test_an_exchange_for_less_takes_the_difference(self):
        self._sell(self.member, self._line(self.record))
        self._bring_back(self.record, 1, self._line(self.coffee))
        self.assertEqual(self.card.points, 4)
        money = self.card.sudo().entry_ids.mapped("base_amount")
        self.assertEqual(sum(money), 4)

    def test_money_that_earned_no_point_counts_for_the_tier_no_more(self):
        penny = self._make_product("Penny sweet", 0.4)
        order = self._bring_back(penny)
        entry = self._entries(order)
        self.assertEqual((entry.points, entry.base_amount), (0, -0.4))

    def test_an_exchange_for_more_earns_the_difference_once(self):
        self._sell(self.member, self._line(self.coffee))
        self._bring_back(self.coffee, 1, self._line(self.record))
        self.assertEqual(self.card.points, 30)

    def test_a_multiplier_is_taken_along(self):
        bronze = self.program.tier_ids.sorted("threshold")[0]
        self.env["loyalty.tier.benefit"].create(
            {"tier_id": bronze.id, "kind": "multiplier", "factor": 2}
        )
        self._sell(self.member, self._line(self.record))
        self.assertEqual(self.card.points, 60)
        self._bring_back(self.record)
        self.assertEqual(self.card.points, 0)

    def test_sent_twice_it_takes_once(self):
        values = self._order_values(self.member, self._line(self.record, -1))
        self._sync(values)
        self._sync(values)
        self.assertEqual(self.card.points, -30)

    def test_what_is_owed_is_written_on_the_order_where_none_is_wanted(self):
        self.program.debt_policy = "refuse"
        order = self._bring_back(self.record)
        self.assertEqual(order.state, "paid")
        self.assertIn("30 points are owed", order.message_ids[0].body)

    def test_a_discount_line_is_no_return(self):
        cut = self._make_product("Staff price", -10)
        order = self._sell(self.member, self._line(self.record), self._line(cut))
        self.assertEqual(self._entries(order).mapped("points"), [20])

    def test_a_stranger_owes_nothing(self):
        order = self._bring_back(self.record, partner=self.stranger)
        self.assertFalse(self._entries(order))
