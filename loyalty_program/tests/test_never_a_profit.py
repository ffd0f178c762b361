from random import Random

from odoo.tests import tagged

from .history_common import HistoryCase

#: Histories that are played, and acts of each.
HISTORIES = 16
STEPS = 8

#: Points that roundings may cost a customer, an order.
SLACK = 2


@tagged("post_install", "-at_install")
class TestNeverAProfit(HistoryCase):
    """Earn, spend and return in any order: only what was kept has earned."""

    def check(self):
        self.assert_balanced()
        fair = self.get_fair()
        self.assertLessEqual(self.get_balance(), fair, "a profit")
        self.assertGreaterEqual(self.get_balance(), fair - 2 * SLACK, "a loss")

    def test_no_history_of_returns_leaves_a_profit_or_a_loss(self):
        for seed in range(HISTORIES):
            with self.subTest(seed=seed):
                settings, acts = self.draw_history(Random(seed), STEPS)
                if self.find_fault(settings, acts):
                    acts = self.shorten(settings, acts)
                    self.fail(f"{self.find_fault(settings, acts)}: {settings} {acts}")
