from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .common import LoyaltyCase
from .ledger_replay import Replay

SEED = 20260630
HISTORIES = 16
STEPS = 14

#: Histories that are another with every run, up to so many steps long.
FRESH = 8
MOST_STEPS = 30
FIRST_DAY = date(2026, 6, 1)


@tagged("post_install", "-at_install")
class TestRandomHistories(LoyaltyCase):
    """Whatever happens in whatever order: every sum agrees, the engine agrees."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.points_scale = 2
        cls.played = Counter()

    def _get_facts(self, card):
        # SQL: exact decimals, not the floats of the fields.
        rows = self.env.execute_query(
            SQL(
                """SELECT state, expires_on, remaining < 0, SUM(remaining)::text
                   FROM loyalty_lot WHERE card_id = %s AND remaining <> 0
                   GROUP BY 1, 2, 3""",
                card.id,
            )
        )
        spendable, pending, owed = {}, Decimal(0), Decimal(0)
        for state, expiry, is_debt, rest in rows:
            if is_debt:
                owed -= Decimal(rest)
            elif state == "pending":
                pending += Decimal(rest)
            else:
                spendable[expiry] = Decimal(rest)
        return spendable, pending, owed

    def _assert_audited(self, card):
        """Assert that the nightly self-audit finds nothing to tell about the card."""
        entries = self._entries(card=card).sorted("id").ids
        lots = self.env["loyalty.lot"].search([("card_id", "=", card.id)]).ids
        audit = self.env["loyalty.audit"]
        for query, ids in (
            (audit._query_check_cards, card.ids),
            (audit._query_check_entries, entries),
            (audit._query_check_lots, lots),
        ):
            if ids:
                found = self.env.execute_query(query(min(ids) - 1, max(ids)))
                self.assertFalse([row for row in found if row[0] == card.id])

    def _play(self, random, card, steps=STEPS):
        """Play one history on the database and in the engine, side by side."""
        self.replay, self.today = Replay(), FIRST_DAY
        self.earned, self.spent, self.undone, self.postings = {}, {}, {}, []
        acts = [self._earn, self._earn, self._spend, self._undo, self._undo]
        acts += [self._redo, self._retry, self._sleep]
        for _step in range(steps):
            act = random.choice(acts)
            self.played[act.__name__] += 1
            with freeze_time(f"{self.today} 12:00:00"):
                self.replay.today = self.today
                act(random, card)
                self.assert_balanced(card)
                self.assertEqual(self._get_facts(card), self.replay.get_facts())
        self._assert_audited(card)

    def _some_points(self, random):
        return Decimal(random.randint(1, 20000)) / 100

    def _earn(self, random, card):
        points, hold = self._some_points(random), random.choice([0, 0, 2, 9])
        expiry = random.choice([None, self.today + timedelta(random.randint(0, 20))])
        entry = self._post_once(points, "earn", card, hold_days=hold, expires_on=expiry)
        self.earned[entry.id] = points
        available = self.today + timedelta(hold)
        self.replay.earn(entry.id, points, expiry, available, self.today)

    def _spend(self, random, card):
        points = self._some_points(random)
        entry = self._post_once(-points, "redeem", card)
        self.spent[entry.id] = points
        self.replay.spend(entry.id, points)

    def _undo(self, random, card):
        """Take a part, or all that is left, of an earning or a spending back."""
        left = {**self.earned, **{-key: rest for key, rest in self.spent.items()}}
        left = {key: rest for key, rest in left.items() if rest}
        if not left:
            return
        key = random.choice(sorted(left))
        part = self._some_part(random, left[key])
        if key > 0:
            entry = self._post_once(-part, "earn_reversal", card, reverses_id=key)
            self.earned[key] -= part
            self.replay.undo_earning(entry.id, key, part)
        else:
            entry = self._post_once(part, "redeem_reversal", card, reverses_id=-key)
            self.spent[-key] -= part
            self.replay.undo_spending(entry.id, -key, part)
        self.undone[entry.id] = [key, part]

    def _redo(self, random, card):
        """Withdraw a part, or all that is left, of an undo."""
        left = [entry for entry, (_key, rest) in self.undone.items() if rest]
        if not left:
            return
        undone = random.choice(left)
        key, rest = self.undone[undone]
        part = self._some_part(random, rest)
        self.undone[undone][1] -= part
        values = {"reverses_id": undone, "breakdown": {"cause": "restore"}}
        if key > 0:
            entry = self._post_once(part, "earn_reversal", card, **values)
            self.earned[key] += part
            self.replay.redo_earning(entry.id, undone, key, part)
        else:
            entry = self._post_once(-part, "redeem_reversal", card, **values)
            self.spent[-key] += part
            self.replay.redo_spending(entry.id, undone, -key, part)

    def _some_part(self, random, whole):
        part = whole if random.random() < 0.5 else whole / 2
        return part.quantize(Decimal("0.01")) or whole

    def _retry(self, random, _card):
        """Ask again for what was posted: nothing happens."""
        if self.postings:
            again = random.sample(self.postings, min(3, len(self.postings)))
            self.assertFalse(self.ledger._post(again))

    def _post_once(self, points, kind, card, **values):
        """Post one entry and remember what was asked for."""
        self.postings.append(self._make_posting(points, kind, card, **values))
        return self.ledger._post(self.postings[-1:])

    def _sleep(self, random, card):
        """Let some days and their nights pass."""
        self.today += timedelta(random.randint(1, 8))
        with freeze_time(f"{self.today} 03:00:00"):
            for run in (self.ledger._run_release, self.ledger._run_expiry):
                for _rows in run(card.program_id):
                    pass
            self.env.invalidate_all()
        self.replay.sleep(self.today)

    def test_the_database_and_the_engine_agree_after_every_step(self):
        for number in range(HISTORIES):
            with self.subTest(history=number):
                card = self._make_member(f"Member {number}")
                self._play(Random(SEED + number), card)
        # Each act happens often enough, else the histories would prove little.
        self.assertGreater(min(self.played.values()), HISTORIES // 2, self.played)
        self.assertEqual(len(self.played), 6)

    def test_histories_that_nobody_has_seen_agree_too(self):
        # A failure comes with the shortest history that shows it.
        @settings(
            max_examples=FRESH,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.randoms(use_true_random=False), st.integers(1, MOST_STEPS))
        def play(random, steps):
            with self.env.cr.savepoint() as savepoint:
                self._play(random, self._make_member("Fresh"), steps)
                savepoint.rollback()

        play()

    def test_merged_histories_keep_every_sum(self):
        for number in range(4):
            with self.subTest(history=number):
                random = Random(SEED - number)
                cards = [self._make_member(f"Merged {side}") for side in "ab"]
                for card in cards:
                    self._play(random, card)
                total = sum(card.points + card.points_pending for card in cards)
                partners = cards[0].partner_id | cards[1].partner_id
                self.env["base.partner.merge.automatic.wizard"].create({})._merge(
                    partners.ids, cards[0].partner_id
                )
                self.env.invalidate_all()
                left = [card for card in cards if card.active]
                self.assertEqual(len(left), 1)
                self.assertAlmostEqual(
                    left[0].points + left[0].points_pending, total, places=6
                )
                for card in cards:
                    self.assert_balanced(card)
                    self._assert_audited(card)

    def test_cancelled_documents_leave_nothing_behind(self):
        for number in range(6):
            with self.subTest(history=number):
                random = Random(SEED * 2 + number)
                card = self._make_member(f"Cancelled {number}")
                documents = [self._make_partner("Document") for _number in range(4)]
                for step in range(10):
                    kind = random.choice(["earn", "redeem"])
                    points = self._some_points(random)
                    origin = ("res.partner", random.choice(documents).id)
                    self._post(
                        points if kind == "earn" else -points,
                        kind,
                        card,
                        origin=origin,
                        hold_days=step % 3,
                    )
                random.shuffle(documents)
                for document in documents:
                    self.ledger._reverse_document(document)
                    self.assert_balanced(card)
                self.assertEqual((card.points, card.points_pending), (0, 0))
                self._assert_audited(card)
