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

    # === Rewards ===

    def _make_cheaper(self):
        self.benefit.write({"kind": "cheaper_rewards", "points_off": 20})
        return self.program.reward_ids.sorted("required_points")[0]

    def test_a_reward_costs_a_fifth_less(self):
        reward = self._make_cheaper()
        self._give(80)
        line = self._reward_line(reward, 5, points_cost=80)
        order = self._sell(self.member, self._line(self.record), line)
        self.assertEqual(self._story(order), [("earn", 25), ("redeem", -80)])
        self._refund_reward(order)
        self.assertEqual(self.card.points, 80)

    def _refund_reward(self, order):
        """Bring the record and the reward back."""
        lines = [
            self._line(
                line.product_id,
                -line.qty,
                price=line.price_unit,
                refunded_orderline_id=line.id,
            )
            for line in order.lines
        ]
        self._sell(self.member, *lines)

    def test_a_till_that_charges_too_little_or_too_much_is_corrected(self):
        reward = self._make_cheaper()
        for wish in (1, 100):
            self._give(80)
            line = self._reward_line(reward, 5, points_cost=wish)
            order = self._sell(self.member, self._line(self.record), line)
            self.assertIn(("redeem", -80.0), self._story(order))

    def test_the_till_knows_what_is_cheaper(self):
        reward = self._make_cheaper()
        data = self.card._load_pos_data_read(self.card, self.till)
        self.assertEqual(
            data[0]["reward_prices"][str(reward.id)], {"price": 80, "share": 0.8}
        )

    def test_an_exclusive_reward_at_the_till_is_told_to_the_manager(self):
        reward = self._make_cheaper()
        reward.audience_tier_ids = self.silver
        self._give(80)
        line = self._reward_line(reward, 5)
        order = self._sell(self.member, self._line(self.record), line)
        self.assertIn(("redeem", -80.0), self._story(order))
        messages = " ".join(order.message_ids.mapped("body"))
        self.assertIn("whom it is not for", messages)

    def test_a_rule_for_others_earns_nothing(self):
        self.benefit.unlink()
        self.program.rule_ids.audience_tier_ids = self.silver
        order = self._sell(self.member, self._line(self.record))
        # The money counts for the tier all the same.
        self.assertEqual(self._story(order), [("earn", 0)])
        self.program.rule_ids.audience_tier_ids = self.bronze
        order = self._sell(self.member, self._line(self.record))
        self.assertEqual(self._story(order), [("earn", 30)])
