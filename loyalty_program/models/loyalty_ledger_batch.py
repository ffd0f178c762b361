import logging
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from psycopg2 import errors

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: Members of one step that runs in Python.
BATCH = 2000

#: Lots of one set-based step: large enough to be cheap, small enough to commit often.
LOT_BATCH = 5000

#: How often in a row a batch may meet somebody else's change.
ATTEMPTS = 5

#: Nobody's fault: another transaction was faster.
CONFLICTS = (errors.SerializationFailure, errors.DeadlockDetected)

#: More records of one batch do not break by themselves: it is the step.
MOST_FAULTS = 10

#: Before every (day, lot id).
START = ("0001-01-01", 0)


class Due(NamedTuple):
    """Which lots are due.

    :param day: the column by which they come
    :param lots: the condition on them
    """

    day: SQL
    lots: SQL


@dataclass
class Stretch:
    """Which of the due lots a batch looks at.

    :param limit: so many lots
    :param after: the (day, lot id) after which it begins
    :param without: the accounts that are left out
    """

    limit: int
    after: tuple = START
    without: list = field(default_factory=list)


class LoyaltyLedger(models.AbstractModel):
    """The nightly work: release, expire, requalify. Resumable after every batch."""

    _inherit = "loyalty.ledger"

    @api.model
    def _cron_daily(self):
        """Do the nightly work, committing after each batch."""
        self._run_committed(self._run_daily)

    @api.model
    def _run_committed(self, run):
        """Run the work of a scheduled action, committing after each batch.

        A batch that met a purchase of the same instant is done again: whatever is
        committed by then is found done.

        :param run: function that returns the iterator over the batches
        """
        failures, is_done = 0, False
        while not is_done:
            try:
                for _batch in run():
                    if not self.env["ir.cron"]._commit_progress(1, remaining=1):
                        return
                    failures = 0
                is_done = True
            except CONFLICTS:
                failures += 1
                if failures == ATTEMPTS:
                    raise
                self.env.cr.rollback()
                self.env.transaction.clear()
        self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _run_apart(self, step, record, batches):
        """Yield the batches of a step of the nightly work, whose fault ends it alone.

        A mail template that a user broke keeps nobody's points from expiring. What the
        batch had written is taken back, and the log has the error; the next night
        tries again.

        :param str step: what is done, for the log
        :param record: whose step it is
        :param batches: iterator over the batches
        """
        no_more = object()
        while True:
            try:
                with self.env.cr.savepoint():
                    batch = next(batches, no_more)
            except CONFLICTS:
                raise
            except Exception:  # pylint: disable=broad-except
                _logger.exception(
                    "Nightly work: “%s” of %s (%s) failed",
                    step,
                    record,
                    record.display_name,
                )
                return
            if batch is no_more:
                return
            yield batch

    @api.model
    def _do_apart(self, step, records, act):
        """Do something with records, and leave out those that cannot take it.

        One member whose mail cannot be rendered costs nobody else theirs, and not the
        batches to come. The log has each error; the next night tries again. Where many
        fail it is not their fault, and the step ends as a whole.

        :param str step: what is done, for the log
        :param records: those whom a transaction does it for
        :param act: function of records, called in a savepoint, perhaps in parts
        :return: the records that were left out
        """
        failed, waiting = records.browse(), [records] if records else []
        while waiting:
            part = waiting.pop()
            try:
                with self.env.cr.savepoint():
                    act(part)
            except CONFLICTS:
                raise
            except Exception:  # pylint: disable=broad-except
                if len(part) > 1:
                    half = len(part) // 2
                    waiting += [part[half:], part[:half]]
                    continue
                failed |= part
                if len(failed) > MOST_FAULTS:
                    raise
                _logger.exception("Nightly work: “%s” left out %s", step, part)
        return failed

    @api.model
    def _take_each(self, model, domain, limit):
        """Yield batches of records that no other worker is at, locked, each once.

        :param model: the empty recordset to search with
        :param int limit: records of a batch
        """
        last_id = 0
        while found := model.search(
            Domain(domain) & Domain("id", ">", last_id), limit=limit, order="id"
        ).try_lock_for_update():
            last_id = found[-1].id
            yield found

    @api.model
    def _run_daily(self):
        """Yield after each batch of the nightly work, so that the caller may commit.

        Each step takes what is due and nobody else is working on; running it again
        finds nothing left to do.
        """
        programs = self.env["loyalty.program"].search(
            [("is_managed", "=", True)], order="id"
        )
        for program in programs:
            for step, batches in (
                ("release", self._run_release(program)),
                ("expiry", self._run_expiry(program)),
                ("tiers", program._requalify_members(BATCH)),
            ):
                yield from self._run_apart(step, program, batches)

    def _run_release(self, program):
        """Yield after each batch of accounts whose pending lots became spendable."""
        today = program._get_local_date()
        due = Due(
            SQL("available_on"),
            SQL(
                """state = 'pending' AND program_id = %s AND remaining <> 0
                   AND available_on <= %s""",
                program.id,
                today,
            ),
        )
        for cards, debtors, members in self._run_lots(
            "release", due, self._query_release
        ):
            if debtors:
                self._settle(debtors)
            if program.tier_ids and members:
                # They count from the day of the purchase on, which may be long ago.
                self._requalify_apart(program, members)
            yield cards

    @api.model
    def _requalify_apart(self, program, card_ids, is_recheck=False):
        """Let tiers follow; whose tier cannot keeps nobody else from anything.

        :return: those who moved, and those who were left out: they are due again
        """
        cards, moved = self.env["loyalty.card"].browse(sorted(card_ids)), set()

        def act(part):
            moved.update(program._requalify(part.ids, is_recheck).ids)

        failed = self._do_apart("tiers", cards, act)
        if failed:
            yesterday = program._get_local_date() - timedelta(days=1)
            failed.write({"tier_review_on": yesterday})
        return cards.browse(sorted(moved - set(failed.ids))), failed

    def _run_lots(self, step, due, build):
        """Yield what each batch of lots tells, until a whole round takes none.

        Another worker may hold what a round skips, and skip what this one holds.

        :param str step: what is done, for the log
        :param Due due: which lots
        :param build: function of the step ``due`` of a query, that returns the query;
            its row has the day and id of the last lot looked at, none at the end, the
            ids of the accounts taken, and more
        :return: iterator over (accounts, and more)
        """
        is_new, without = True, []
        while is_new:
            is_new = False
            stretch = Stretch(LOT_BATCH, without=without)
            while True:
                *after, taken, debtors, members = self._take_lots(
                    step, due, build, stretch
                )
                if not after[1]:
                    break
                stretch.after = tuple(after)
                if not taken:
                    continue
                is_new = True
                cards = self.env["loyalty.card"].browse(taken)
                self._forget_balances(cards)
                yield cards, debtors, members

    def _take_lots(self, step, due, build, stretch):
        """Return the row of a batch, see :meth:`_run_lots`.

        A batch that fails is done in halves, until the account is found that breaks
        it: that one is left out.
        """
        while True:
            query = build(self._sql_take_lots(due, stretch))
            try:
                with self.env.cr.savepoint():
                    # The log gets the one failure that names the account.
                    self.env.cr.execute(query, log_exceptions=False)
                    row = self.env.cr.fetchone()
                stretch.limit = min(2 * stretch.limit, LOT_BATCH)
                return row
            except CONFLICTS:
                raise
            except Exception:  # pylint: disable=broad-except
                if stretch.limit > 1:
                    stretch.limit //= 2
                    continue
                card = self._find_next(due, stretch)
                if not card or len(stretch.without) == MOST_FAULTS:
                    raise
                _logger.exception("Nightly work: “%s” left out %s", step, card)
                stretch.without.append(card.id)
                self._tell_left_out(card)

    def _find_next(self, due, stretch):
        """Return the account of the first lot of a stretch, or none."""
        rows = self.env.execute_query(
            SQL(
                "WITH %s SELECT card_id FROM batch ORDER BY day, id LIMIT 1",
                self._sql_batch(due, stretch),
            )
        )
        return self.env["loyalty.card"].browse(row[0] for row in rows)

    def _query_release(self, due):
        # SQL: pending lots whose hold is over become spendable.
        return SQL(
            """
            WITH %(due)s, opened AS (
                UPDATE loyalty_lot SET state = 'open'
                WHERE id = ANY(ARRAY(SELECT id FROM due))
            ), change AS (
                SELECT card_id, SUM(remaining) AS points, -SUM(remaining) AS pending
                FROM due GROUP BY card_id
            ), %(moved)s
            SELECT %(told)s, (SELECT array_agg(id) FROM account WHERE points < 0),
                (SELECT array_agg(DISTINCT member_card_id) FROM loyalty_ledger_entry
                 WHERE id = ANY(ARRAY(SELECT entry_id FROM due))
                    AND tier_date IS NOT NULL)
            """,
            due=due,
            moved=self._sql_move_balances(),
            told=self._sql_tell_lots(),
        )

    def _sql_batch(self, due, stretch):
        """Return the step ``batch``: the lots of a stretch, by their days."""
        return SQL(
            """batch AS (
                SELECT id, card_id, %(day)s AS day FROM loyalty_lot
                WHERE %(lots)s AND (%(day)s, id) > (%(after)s, %(after_id)s)
                    AND card_id <> ALL(%(without)s)
                ORDER BY %(day)s, id LIMIT %(limit)s
            )""",
            day=due.day,
            lots=due.lots,
            after=stretch.after[0],
            after_id=stretch.after[1],
            without=stretch.without,
            limit=stretch.limit,
        )

    def _sql_take_lots(self, due, stretch):
        """Return the step ``due``: all lots that are due of a batch of accounts.

        The accounts are locked, so that no posting comes between; who is busy waits
        for the next round. Written with arrays, so that no statistics lead the planner
        astray after a large import.
        """
        return SQL(
            """%(batch)s, account AS (
                SELECT id, points FROM loyalty_card
                WHERE id = ANY(ARRAY(SELECT card_id FROM batch))
                FOR NO KEY UPDATE SKIP LOCKED
            ), due AS (
                SELECT id, entry_id, card_id, remaining, %(day)s AS day FROM loyalty_lot
                WHERE card_id = ANY(ARRAY(SELECT id FROM account)) AND %(lots)s
            )""",
            batch=self._sql_batch(due, stretch),
            day=due.day,
            lots=due.lots,
        )

    def _sql_tell_lots(self):
        """Return what a batch tells: its last lot's day and id, the accounts taken."""
        return SQL(
            """(SELECT MAX(day) FROM batch),
            (SELECT id FROM batch ORDER BY day DESC, id DESC LIMIT 1),
            (SELECT array_agg(id) FROM account)"""
        )

    def _sql_move_balances(self):
        """Return the step that adds ``change`` to the accounts and their members."""
        return SQL(
            """target AS (
                SELECT card_id AS id, points, pending FROM change
                UNION ALL
                SELECT m.id, change.points, change.pending
                FROM change JOIN loyalty_card m ON m.account_id = change.card_id
            ), moved AS (
                UPDATE loyalty_card c
                SET points = COALESCE(c.ledger_points, 0) + target.points,
                    ledger_points = COALESCE(c.ledger_points, 0) + target.points,
                    points_pending = COALESCE(c.points_pending, 0) + target.pending
                FROM target WHERE c.id = target.id
            )"""
        )
