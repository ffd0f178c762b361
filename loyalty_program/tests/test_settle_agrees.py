from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from odoo.tests import tagged
from odoo.tools import SQL

from .common import LoyaltyCase
from odoo.addons.loyalty_program.engine.lots import allocate

SEED = 20260630
HISTORIES = 60


@tagged("post_install", "-at_install")
class TestSettleAgrees(LoyaltyCase):
    """The database spends the same points as the engine, whatever the history."""

    def _make_history(self, random):
        """Return signed points with their expiry, in the order of posting."""
        steps = []
        for _step in range(random.randint(1, 12)):
            points = Decimal(random.randint(1, 400)) / random.choice([1, 10, 100])
            if random.random() < 0.45:
                steps.append((-points, None))
            else:
                days = random.choice([None, *range(5)])
                day = None if days is None else date(2030, 1, 1) + timedelta(days)
                steps.append((points, day))
        return steps

    def _replay(self, steps):
        """Return {(demand, lot): points} of the engine, steps named by their number."""
        lots, demands, uses = {}, {}, defaultdict(Decimal)
        for number, (points, day) in enumerate(steps):
            if points > 0:
                lots[number] = (day, points)
            else:
                demands[number] = -points
            supply = [(n, day, rest) for n, (day, rest) in lots.items() if rest]
            wanted = [(n, rest) for n, rest in demands.items() if rest]
            for demand, lot, taken in allocate(supply, wanted):
                day, rest = lots[lot]
                lots[lot] = (day, rest - taken)
                demands[demand] -= taken
                uses[demand, lot] += taken
        return dict(uses)

    def _post_history(self, steps, in_one_call):
        card = self._make_member("Member")
        postings = [
            self._make_posting(
                points,
                "earn" if points > 0 else "redeem",
                card=card,
                expires_on=day,
            )
            for points, day in steps
        ]
        batches = [postings] if in_one_call else [[posting] for posting in postings]
        for batch in batches:
            self.ledger._post(batch)
        self.assert_balanced(card)
        return card

    def _get_uses(self, card):
        # SQL: exact decimals, not the floats of the fields.
        numbers = {entry.id: n for n, entry in enumerate(self._entries(card=card))}
        rows = self.env.execute_query(
            SQL(
                """SELECT u.entry_id, l.entry_id, SUM(u.points)::text
                   FROM loyalty_lot_use u JOIN loyalty_lot l ON l.id = u.lot_id
                   WHERE l.card_id = %s GROUP BY 1, 2""",
                card.id,
            )
        )
        return {(numbers[d], numbers[s]): Decimal(points) for d, s, points in rows}

    def test_one_by_one_the_database_and_the_engine_agree(self):
        self.program.points_scale = 2
        random = Random(SEED)
        for number in range(HISTORIES):
            steps = self._make_history(random)
            with self.subTest(history=number, steps=steps):
                card = self._post_history(steps, in_one_call=False)
                self.assertEqual(self._get_uses(card), self._replay(steps))

    def test_in_one_call_the_database_and_the_engine_agree(self):
        self.program.points_scale = 2
        random = Random(SEED + 1)
        for number in range(HISTORIES):
            steps = self._make_history(random)
            with self.subTest(history=number, steps=steps):
                card = self._post_history(steps, in_one_call=True)
                # One call lays everything out at once: earnings first, then spending.
                gains = [(n, s) for n, s in enumerate(steps) if s[0] > 0]
                losses = [(n, s) for n, s in enumerate(steps) if s[0] < 0]
                due = allocate(
                    [(n, day, points) for n, (points, day) in gains],
                    [(n, -points) for n, (points, _day) in losses],
                )
                self.assertEqual(
                    self._get_uses(card), {(d, s): taken for d, s, taken in due}
                )

    def test_a_batch_of_cards_is_settled_card_by_card(self):
        random = Random(SEED + 2)
        cards = [self._make_member(f"Member {number}") for number in range(8)]
        postings = []
        for card in cards:
            for points in random.choices(range(-50, 80), k=10):
                kind = "earn" if points > 0 else "redeem"
                postings.append(self._make_posting(points, kind, card=card))
        random.shuffle(postings)
        self.ledger._post(postings)
        for card in cards:
            due = sum(p.points for p in postings if p.card_id == card.id)
            self.assertEqual(card.points, due)
            self.assert_balanced(card)
