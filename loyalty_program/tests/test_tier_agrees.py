import random
from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import tagged
from odoo.tools import SQL

from .common import LoyaltyCase
from odoo.addons.loyalty_program.engine.tier_path import (
    ANNIVERSARY,
    LIFETIME,
    ROLLING,
    YEAR,
    ManualTier,
    TierLevel,
    TierPolicy,
    replay,
)

HISTORIES = 1500


class Histories:
    """Random rules, purchases and hands, out of one seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def day(self, first, last):
        return first + timedelta(days=self.random.randint(0, (last - first).days))

    def ladder(self, two):
        rng = self.random
        count = rng.randint(1, 4)
        columns = []
        for _metric in range(2 if two else 1):
            enter = sorted(rng.sample(range(61), count))
            keep = []
            for number in enter:
                keep.append(rng.randint(min(max([*keep, 0]), number), number))
            columns.append((enter, sorted(keep)))
        return tuple(
            TierLevel(
                number + 1,
                tuple(Decimal(enter[number]) for enter, _keep in columns),
                tuple(Decimal(keep[number]) for _enter, keep in columns),
            )
            for number in range(count)
        )

    def policy(self):
        rng = self.random
        return TierPolicy(
            levels=self.ladder(rng.random() < 0.4),
            window=rng.choice([LIFETIME, ROLLING, YEAR, ANNIVERSARY]),
            months=rng.randint(1, 14),
            joined=rng.choice(["all", "any"]),
            one_step=rng.random() < 0.3,
            grace_days=rng.choice([0, 0, 10, 45]),
        )

    def case(self):
        rng, policy = self.random, self.policy()
        joined = rng.choice(
            [date(2024, 2, 29), self.day(date(2023, 6, 1), date(2024, 12, 31))]
        )
        today = self.day(joined, date(2027, 6, 1))
        width = len(policy.levels[0].enter)
        days = {
            self.day(date(2023, 1, 1), date(2027, 8, 1))
            for _ in range(rng.randint(0, 12))
        }
        facts = [
            (day, tuple(Decimal(rng.randint(-10, 50)) for _ in range(width)))
            for day in sorted(days)
        ]
        given = [self.given(policy, joined) for _ in range(rng.choice([0, 0, 0, 1, 2]))]
        return policy, joined, facts, today, given

    def given(self, policy, joined):
        rng = self.random
        day = self.day(joined - timedelta(days=20), date(2027, 6, 1))
        until = rng.choice([None, self.day(day, day + timedelta(days=400))])
        tier = rng.choice([None, *(level.tier_id for level in policy.levels)])
        return ManualTier(day, tier, until, rng.random() < 0.3)


@tagged("post_install", "-at_install")
class TestTierAgrees(LoyaltyCase):
    """The database replays a member's path as the engine does."""

    def _replay_sql(self, policy, joined, facts, today, given=()):
        """Return (tier, since, review, by hand, amounts) as the database finds."""
        width = len(policy.levels[0].enter) if policy.levels else 1
        facts = sorted(facts)
        sums = [[], []]
        for metric in range(2):
            total = Decimal(0)
            for _day, amounts in facts:
                total += (*amounts, Decimal(0))[metric]
                sums[metric].append(str(total))
        ids = [level.tier_id for level in policy.levels]
        given = sorted(given, key=lambda hand: max(hand.day, joined))

        def column(kind, metric):
            return SQL(
                "%s::numeric[]",
                [str((*getattr(level, kind), 0)[metric]) for level in policy.levels],
            )

        query = SQL(
            """SELECT level, since, review_on, is_by_hand, amount_1, amount_2
               FROM loyalty_tier_replay(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
                   %s::date[], %s::numeric[], %s::numeric[],
                   %s::date[], %s::int[], %s::date[], %s::bool[])""",
            policy.window,
            policy.months,
            width > 1 and policy.joined == "any",
            policy.one_step,
            policy.grace_days,
            column("enter", 0),
            column("enter", 1),
            column("keep", 0),
            column("keep", 1),
            joined,
            today,
            [day for day, _amounts in facts],
            *sums,
            [max(hand.day, joined) for hand in given],
            [ids.index(hand.tier_id) + 1 if hand.tier_id else 0 for hand in given],
            [hand.until for hand in given],
            [hand.locked for hand in given],
        )
        ((level, since, review, by_hand, *amounts),) = self.env.execute_query(query)
        tier = ids[level - 1] if level else None
        return tier, since, review, by_hand, tuple(amounts[:width])

    def test_random_histories(self):
        histories = Histories(20261125)
        for number in range(HISTORIES):
            case = histories.case()
            standing = replay(case[0], case[1], case[2], case[3], case[4])
            expected = (
                standing.tier_id,
                standing.since,
                standing.review_on,
                bool(standing.moves) and standing.moves[-1].cause == "manual",
                tuple(standing.amounts),
            )
            self.assertEqual(self._replay_sql(*case), expected, (number, case))
