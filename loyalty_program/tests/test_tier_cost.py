from decimal import Decimal

from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestTierCost(LoyaltyCase):
    """What benefits would have cost, each kind by its own numbers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bronze, cls.silver, cls.gold, cls.top = cls.program.tier_ids.sorted(
            "threshold"
        )
        cls.program.point_value = 0.1
        cls.low, cls.middle, cls.high = (
            cls._make_member(f"Member {number}") for number in range(3)
        )
        for card, amount in ((cls.low, 50), (cls.middle, 120), (cls.high, 350)):
            cls._post(
                amount,
                "earn",
                card=card,
                base_amount=Decimal(amount),
                counts_for_tier=True,
            )

    def _give(self, tier, kind, **values):
        return self.env["loyalty.tier.benefit"].create(
            {"tier_id": tier.id, "kind": kind, **values}
        )

    def _make_coupons(self, **reward):
        return self.env["loyalty.program"].create(
            {
                "name": "A treat",
                "program_type": "coupons",
                "applies_on": "current",
                "trigger": "with_code",
                "reward_ids": [Command.create({"required_points": 1, **reward})],
            }
        )

    def _count(self, months=12, **thresholds):
        """Return (cost of all, {kind's sentence: (cost, or None, how)})."""
        wizard = (
            self.env["loyalty.tier.what.if"]
            .with_user(self.manager)
            .with_context(default_program_id=self.program.id)
            .create({"months": months})
        )
        for line in wizard.line_ids:
            line.threshold = thresholds.get(line.tier_id.name, line.threshold)
            line.keep_threshold = min(line.keep_threshold, line.threshold)
        wizard.action_count()
        return wizard.cost, {
            row.tier_id.name: (row.cost if row.is_known else None, row.words)
            for row in wizard.cost_ids
        }

    def test_an_entry_gift_costs_for_those_who_would_reach_the_tier(self):
        self._give(self.silver, "entry_gift", gift_points=50)
        cost, rows = self._count()
        self.assertEqual((cost, rows["Silver"][0]), (0, 0))
        cost, rows = self._count(Silver=40)
        # The member of 50 would reach Silver: 50 points at 0.1.
        self.assertEqual((cost, rows["Silver"][0]), (5, 5))
        self.assertIn("who would reach the tier: 1.", rows["Silver"][1])

    def test_a_yearly_gift_costs_once_a_year_coupons_at_their_cost(self):
        cup = self._make_product("Cup", standard_price=3)
        coupons = self._make_coupons(
            reward_type="product", reward_product_id=cup.id, reward_product_qty=2
        )
        self._give(self.gold, "yearly_gift", gift_points=20, gift_program_id=coupons.id)
        # 20 points at 0.1, two cups that cost 3 each.
        cost, rows = self._count()
        self.assertAlmostEqual(cost, 8)
        self.assertIn("taken as used", rows["Gold"][1])
        self.assertAlmostEqual(self._count(months=6)[0], 4)

    def test_a_birthday_gift_costs_for_those_who_told_it(self):
        self._give(self.bronze, "birthday_gift", gift_points=10)
        self.assertEqual(self._count()[1]["Bronze"][0], 0)
        for card in (self.low, self.middle):
            card.partner_id.write(
                {"loyalty_birth_date": "1990-05-17", "loyalty_birth_consent": True}
            )
        # Two members of Bronze, of whom one told it; 10 points at 0.1.
        self.assertAlmostEqual(self._count()[1]["Bronze"][0], 1)

    def test_coupons_of_an_amount_cost_it_and_percentages_are_not_known(self):
        gift = self._give(
            self.gold,
            "yearly_gift",
            gift_program_id=self._make_coupons(
                discount_mode="per_order", discount=7
            ).id,
        )
        self.assertAlmostEqual(self._count()[1]["Gold"][0], 7)
        gift.gift_program_id = self._make_coupons(discount=10)
        cost, words = self._count()[1]["Gold"]
        self.assertIsNone(cost)
        self.assertIn("“A treat” is worth depends on the purchase", words)
        gift.gift_points = 30
        self.assertAlmostEqual(self._count()[1]["Gold"][0], 3, msg="the points alone")

    def test_cheaper_rewards_cost_a_part_of_what_was_spent(self):
        cheap, dear = self.program.reward_ids.sorted("required_points")
        order = self._make_order(self.high.partner_id)
        self._claim_reward(order, points=100, card=self.high)
        order.action_confirm()
        benefit = self._give(self.gold, "cheaper_rewards", points_off=20)
        # A fifth of 100 points at 0.1.
        self.assertAlmostEqual(self._count()[1]["Gold"][0], 2)
        benefit.cheaper_reward_ids = dear
        self.assertAlmostEqual(self._count()[1]["Gold"][0], 0)
        benefit.cheaper_reward_ids = cheap
        self.assertAlmostEqual(self._count()[1]["Gold"][0], 2)
        order.sudo()._action_cancel()
        self.assertAlmostEqual(self._count()[1]["Gold"][0], 0, msg="given back")

    def test_what_cannot_be_counted_says_so(self):
        self._give(
            self.gold,
            "pricelist",
            pricelist_id=self.env["product.pricelist"].create({"name": "Trade"}).id,
        )
        self._give(self.silver, "words", note="A seat in the first row.")
        self._give(self.bronze, "multiplier", factor=2)
        self.program.point_value = 0
        cost, rows = self._count()
        self.assertEqual(cost, 0)
        self.assertEqual([row[0] for row in rows.values()], [None] * 3)
        self.assertIn("depends on the products", rows["Gold"][1])
        self.assertIn("nothing tells", rows["Silver"][1])
        self.assertIn("what a point is worth", rows["Bronze"][1])
