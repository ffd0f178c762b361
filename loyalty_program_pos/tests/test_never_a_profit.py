from decimal import Decimal
from math import floor
from random import Random

from odoo.tests import tagged

from .common import TillCase

HISTORIES = 5
STEPS = 6


@tagged("post_install", "-at_install")
class TestNeverAProfit(TillCase):
    """Sell, spend and refund at the till in any order: what was kept has earned."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = cls.program.reward_ids.sorted("required_points")[0]
        cls.goods = [
            cls._make_product(name, price)
            for name, price in (("Single", 19.99), ("Album", 33.33), ("Box", 77))
        ]

    def _buy(self, random, reward=False):
        """Sell three of each of two goods; return the sale and what is kept of it."""
        goods = random.sample(self.goods, 2)
        lines = [self._line(product, 3) for product in goods]
        if reward:
            lines.append(self._reward_line(self.reward, 5))
        order = self._sell(self.card.partner_id, *lines)
        return order, [3] * len(goods) + [1] * reward

    def _give_back(self, random, order, kept):
        """Refund some of one line, the reward's included."""
        number = random.randrange(len(kept))
        units = random.randint(1, max(kept[number], 1))
        if not kept[number]:
            return
        line = order.lines[number]
        back = self._line(
            line.product_id,
            -units,
            price=line.price_unit,
            refunded_orderline_id=line.id,
            is_reward_line=line.is_reward_line,
        )
        # The money of the goods pays for the reward that comes back.
        self._sell(self.card.partner_id, back)
        kept[number] -= units

    def _get_fair_balance(self, sales):
        """Return the points that the kept goods earned, less the rewards kept."""
        fair = Decimal(0)
        for order, kept in sales:
            totals = [
                Decimal(str(line.price_unit)) * units
                for line, units in zip(order.lines, kept, strict=True)
            ]
            fair += floor(max(sum(totals), 0))
            fair -= 100 * sum(kept[2:])
        return fair

    def test_no_history_at_the_till_leaves_a_profit(self):
        for seed in range(HISTORIES):
            with self.subTest(seed=seed):
                random = Random(seed)
                partner = self.env["res.partner"].create({"name": f"Member {seed}"})
                self.card = self.program.sudo()._enrol(partner, "pos", True)
                self._give(100)
                sales = [self._buy(random), self._buy(random, reward=True)]
                for _step in range(STEPS):
                    self._give_back(random, *random.choice(sales))
                    fair = 100 + self._get_fair_balance(sales)
                    self.assertLessEqual(self.card.points, fair)
                    self.assertGreaterEqual(self.card.points, fair - 2)
