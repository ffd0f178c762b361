import os
from datetime import timedelta
from decimal import Decimal
from multiprocessing import get_context
from random import Random
from signal import SIGKILL
from time import sleep
from unittest.mock import patch
from uuid import uuid4

from odoo import SUPERUSER_ID, api, sql_db
from odoo.tests import tagged
from odoo.tools import mute_logger

from .commit_common import WAIT, CommittingCase

SEED = 20260630
KILLS = 6
CARDS = 120


@tagged("post_install", "-at_install")
class TestCrash(CommittingCase):
    """A worker is killed at random moments: nothing is lost, nothing posted twice."""

    def _start(self, work):
        """Run ``work(registry, tell)`` in a process of its own, as Odoo's workers.

        :return: the process and the end of the pipe on which it tells what it did
        """
        fork = get_context("fork")
        listen, tell = fork.Pipe(duplex=False)

        def run():
            # The connections are the parent's: the child leaves them alone.
            self.registry.inherited = (self.registry._db, sql_db._Pool)
            sql_db._Pool = None
            self.registry._db = sql_db.db_connect(self.registry.db_name)
            try:
                with mute_logger("odoo.sql_db"):
                    work(self.registry, tell.send)
            finally:
                # No clean-up of what the child has not made.
                os._exit(0)

        process = fork.Process(target=run)
        process.start()
        tell.close()
        return process, listen

    def _hear(self, listen):
        """Return what the process told before it ended."""
        heard = []
        try:
            while listen.poll(WAIT):
                heard.append(listen.recv())
        except EOFError:
            listen.close()
        return heard

    def _end_at_random(self, random, work, end, most=1):
        """Start the worker and end it after it told of up to ``most`` deeds.

        Counted, not timed: the moment is in the middle on any machine.

        :return: what it told
        """
        process, listen = self._start(work)
        heard = []
        for _deed in range(random.randint(1, most)):
            self.assertTrue(listen.poll(WAIT), "the worker has begun")
            heard.append(listen.recv())
        sleep(random.uniform(0, 0.005))
        end(process)
        process.join(WAIT)
        self.assertIsNotNone(process.exitcode, "the worker is gone")
        if end == self._kill and process.exitcode:
            self.assertEqual(process.exitcode, -SIGKILL)
        return heard + self._hear(listen)

    def _kill(self, process):
        process.kill()

    def _cut_connection(self, process):
        """End the server process of the worker's connection."""
        with self._commit() as env:
            env.cr.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE application_name LIKE %s""",
                (f"%{process.pid}%",),
            )
            self.assertTrue(env.cr.rowcount)

    def _make_day(self, card, name):
        """Return the postings of a busy day: gains, spending, corrections."""
        random = Random(name)
        kinds = [(5, "bonus"), (20, "earn"), (-7, "redeem"), (-3, "adjust")]
        return [
            self._make_posting(
                card, *random.choice(kinds), key=f"crash:{name}:{number}"
            )
            for number in range(400)
        ]

    def _post_each(self, postings, registry, tell):
        for posting in postings:
            with registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                env["loyalty.ledger"]._post([posting])
            tell(posting.key)

    def _assert_day_survives(self, end):
        random = Random(SEED)
        (card,) = self._make_members(1)
        total = Decimal(0)
        for number in range(KILLS):
            day = self._make_day(card, f"{uuid4()}:{number}")
            heard = self._end_at_random(
                random, lambda *args, d=day: self._post_each(d, *args), end, 200
            )
            self._get_balance(card)
            with self._commit() as env:
                found = env["loyalty.ledger.entry"].search(
                    [("key", "in", [posting.key for posting in day])]
                )
                self.assertLessEqual(set(heard), set(found.mapped("key")), "lost")
                if end == self._kill:
                    # A cut between two postings only makes the worker connect anew.
                    self.assertLess(len(found), len(day), "killed in the middle")
                new = env["loyalty.ledger"]._post(day)
                self.assertEqual(len(new), len(day) - len(found), "twice")
            total += sum(posting.points for posting in day)
        self.assertEqual(self._get_balance(card), total)

    def test_a_killed_worker_loses_nothing_and_posts_nothing_twice(self):
        self._assert_day_survives(self._kill)

    def test_a_cut_connection_loses_nothing_and_posts_nothing_twice(self):
        self._assert_day_survives(self._cut_connection)

    def _expire(self, registry, tell):
        batch = "odoo.addons.loyalty_program.models.loyalty_ledger_batch.LOT_BATCH"
        with registry.cursor() as cr, patch(batch, 3):
            env = api.Environment(cr, SUPERUSER_ID, {})
            ledger = env["loyalty.ledger"]
            program = env["loyalty.program"].browse(self.program)
            for rows in ledger._run_expiry(program):
                cr.commit()
                tell(len(rows))

    def test_a_killed_batch_goes_on_where_it_was(self):
        random = Random(SEED)
        cards = self._make_members(CARDS, points=7)
        yesterday = self._get_yesterday()
        with self._commit() as env:
            self._post(
                env,
                *(self._make_posting(card, 40, expires_on=yesterday) for card in cards),
            )
        halves = 0
        for _kill in range(KILLS):
            if not self._count_left(cards):
                break
            self._end_at_random(random, self._expire, self._kill)
            for card in cards:
                self.assertIn(self._get_balance(card), (7, 47))
            halves += 0 < self._count_left(cards) < CARDS
        self.assertTrue(halves, "none was killed in the middle of its work")
        self._expire(self.registry, lambda _cards: None)
        with self._commit() as env:
            expired = env["loyalty.ledger.entry"].search(
                [("card_id", "in", cards), ("entry_type", "=", "expire")]
            )
            self.assertEqual(expired.mapped("points"), [-40] * CARDS)
            self.assertEqual(len(expired.card_id), CARDS)
        self.assertEqual({self._get_balance(card) for card in cards}, {7})

    def _count_left(self, cards):
        return sum(self._get_balance(card) == 47 for card in cards)

    def _get_yesterday(self):
        with self._commit() as env:
            program = env["loyalty.program"].browse(self.program)
            return program._get_local_date() - timedelta(days=1)
