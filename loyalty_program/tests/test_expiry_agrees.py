from collections import defaultdict
from datetime import datetime, timedelta
from random import Random

from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase
from odoo.addons.loyalty_program.engine.expiry import ExpiryRule, expiry_date
from odoo.addons.loyalty_program.models import (
    loyalty_ledger_batch,
    loyalty_ledger_expiry,
)

SEED = 20260630
HISTORIES = 24
ZONES = ("UTC", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu")


@tagged("post_install", "-at_install")
class TestExpiryAgrees(LoyaltyCase):
    """The night lets the same points lapse as the engine, whatever the history."""

    def _make_rule(self, random):
        return ExpiryRule(
            mode=random.choice(["never", "earning", "fixed", "inactivity"]),
            count=random.choice([1, 2, 6, 12, 45]),
            unit=random.choice(["day", "month"]),
            rounding=random.choice([None, None, "month", "quarter", "year"]),
            month=random.randint(1, 12),
            day=random.randint(1, 31),
        )

    def _make_moments(self, random):
        """Return UTC moments in order, many of them close to a midnight somewhere."""
        first = datetime(2024, 1, 1)
        return sorted(
            first
            + timedelta(
                days=random.randint(0, 900),
                hours=random.choice([0, 6, 7, 11, 12, 18, 23]),
                minutes=random.choice([0, 14, 16, 59]),
            )
            for _step in range(random.randint(1, 12))
        )

    def _apply(self, rule):
        self.program.write(
            {
                "expiry_mode": rule.mode,
                "validity_count": rule.count,
                "validity_unit": rule.unit,
                "validity_rounding": rule.rounding or False,
                "expiry_month": str(rule.month),
                "expiry_day": rule.day,
            }
        )
        # A programme that never had other settings owes nobody a period.
        self.program.expiry_changed_on = False

    def _expect(self, rule, extra, history, today):
        """Return the points that are left, by the engine."""
        days = [self.program._get_local_date(moment) for moment, _points in history]
        if rule.mode == "inactivity":
            days = [max(days)] * len(days)
        return sum(
            points
            for day, (_moment, points) in zip(days, history, strict=True)
            if rule.mode == "never" or expiry_date(day, rule, extra) >= today
        )

    def test_the_night_leaves_what_the_engine_leaves(self):
        random = Random(SEED)
        # Small batches: a border between two of them falls everywhere.
        self.patch(loyalty_ledger_batch, "LOT_BATCH", 3)
        self.patch(loyalty_ledger_expiry, "BATCH", 2)
        gold = self.program.tier_ids[-1]
        outcomes = defaultdict(int)
        for number in range(HISTORIES):
            rule = self._make_rule(random)
            gold.extra_validity_months = extra = random.choice([0, 1, 7])
            self.company.partner_id.tz = random.choice(ZONES)
            self._apply(rule)
            cards = [self._make_member(f"Member {number}") for _card in range(3)]
            histories = {}
            for card in cards:
                card.tier_id = gold
                moments = self._make_moments(random)
                histories[card] = [(m, random.randint(1, 90)) for m in moments]
                for moment, points in histories[card]:
                    with freeze_time(moment):
                        self._post(points, "earn", card=card)
            now = max(h[-1][0] for h in histories.values()) + timedelta(
                days=random.randint(0, 400), hours=random.randint(0, 23)
            )
            with self.subTest(number=number, rule=rule, now=now), freeze_time(now):
                list(self.ledger._run_expiry(self.program))
                today = self.program._get_local_date()
                for card, history in histories.items():
                    left = self._expect(rule, extra, history, today)
                    card.invalidate_recordset()
                    self.assertEqual(card.points, left)
                    self.assert_balanced(card)
                    total = sum(points for _moment, points in history)
                    outcomes[
                        "all" if left == total else "part" if left else "none"
                    ] += 1
        # The histories reach every outcome, else they would prove nothing.
        self.assertTrue(all(outcomes[name] > 3 for name in ("all", "part", "none")))
