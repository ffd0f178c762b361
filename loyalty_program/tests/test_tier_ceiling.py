from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestTierCeiling(LoyaltyCase):
    """The quick look at who may rise never overlooks anybody."""

    def _look(self, metric):
        self.program.tier_metric = metric
        (most,) = self.program._get_tier_ceilings(self.card)[self.card.id]
        (amount,) = self.program._get_tier_amounts(self.card)[self.card.id]
        return most, amount

    def test_sums_are_exact_and_counts_are_not_too_low(self):
        self._buy(30)
        self._buy(12)._action_cancel()
        for metric in ("spend", "points"):
            with self.subTest(metric=metric):
                self.assertEqual(self._look(metric), (30, 30))
        for metric, amount in (("orders", 1), ("visits", 1), ("events", 0)):
            with self.subTest(metric=metric):
                most, exact = self._look(metric)
                self.assertEqual(exact, amount)
                self.assertGreaterEqual(most, exact)

    def test_what_is_counted_is_counted_exactly_before_somebody_rises(self):
        self.program.tier_metric = "orders"
        first, second = self.program.tier_ids.sorted("threshold")[:2]
        second.write({"threshold": 2, "keep_threshold": 2})
        self._buy(30)
        self._buy(12)._action_cancel()
        self.assertEqual(self.card.tier_id, first)
        # Three entries, yet one order: the sum alone would say enough.
        self.assertFalse(self.program._filter_rising(self.card))
        self._buy(1)
        self.assertEqual(self.card.tier_id, second)

    def test_a_look_reads_no_card_of_another_member(self):
        others = self.env["res.partner"].create(
            [{"name": f"Other {number}"} for number in range(100)]
        )
        self.env["loyalty.card"].create(
            [
                {"partner_id": other.id, "program_id": self.program.id}
                for other in others
            ]
        )
        self.env.flush_all()
        before = self._count_cards_read()
        self.program._get_tier_ceilings(self.card)
        self.assertLess(self._count_cards_read() - before, 5)

    def _count_cards_read(self):
        """Return how many rows of cards this transaction has read so far."""
        self.env.cr.execute(
            """SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables
               WHERE relname = 'loyalty_card'"""
        )
        return self.env.cr.fetchone()[0]
