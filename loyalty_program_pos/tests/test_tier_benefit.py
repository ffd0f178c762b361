from odoo import fields
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestTierBenefit(TillCase):
    """What a tier gives at the till: the server computes it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bronze, cls.silver = cls.program.tier_ids.sorted("threshold")[:2]
        cls.benefit = cls.env["loyalty.tier.benefit"].create(
            {"tier_id": cls.bronze.id, "kind": "multiplier", "factor": 1.5}
        )

    def _story(self, order):
        return [(e.entry_type, e.points) for e in self._entries(order)]

    def test_a_sale_earns_its_bonus_and_says_so(self):
        order = self._sell(self.member, self._line(self.record, 2))
        self.assertEqual(self._story(order), [("earn", 60), ("bonus", 30)])
        figures = order.loyalty_result[0]
        self.assertEqual((figures["earned"], figures["balance"]), (90, 90))
        self.assertEqual(figures["earnFactor"], 1.5)

    def test_half_refunded_takes_half_of_both(self):
        order = self._sell(self.member, self._line(self.record, 2))
        first = self._refund(order, 1)
        self.assertEqual(
            self._story(first), [("earn_reversal", -30), ("earn_reversal", -15)]
        )
        self._refund(order, 1)
        self.assertEqual(self.card.points, 0)

    def test_an_order_sent_twice_earns_once(self):
        values = self._order_values(self.member, self._line(self.record, 2))
        self._sync(values)
        self._sync(values)
        self.assertEqual(self.card.points, 90)

    def test_a_sale_before_the_tier_was_reached_has_the_tier_of_its_day(self):
        # A till that was offline for two days.
        self.card.sudo().joined_on = fields.Date.subtract(fields.Date.today(), days=9)
        earlier = fields.Datetime.subtract(fields.Datetime.now(), days=2)
        self.env["loyalty.tier.change"].sudo().create(
            {
                "card_id": self.card.id,
                "from_tier_id": self.silver.id,
                "to_tier_id": self.bronze.id,
                "cause": "down",
                "changed_on": fields.Date.today(),
            }
        )
        self.card.sudo().tier_since = fields.Date.today()
        order = self._sell(
            self.member,
            self._line(self.record, 2),
            date_order=fields.Datetime.to_string(earlier),
        )
        self.assertEqual(self._story(order), [("earn", 60)])

    def test_the_till_knows_the_multiplier(self):
        data = self.card._load_pos_data_read(self.card, self.till)
        self.assertEqual(data[0]["earn_factor"], 1.5)
