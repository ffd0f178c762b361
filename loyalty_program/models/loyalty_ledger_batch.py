from odoo import api, models
from odoo.tools import SQL

#: Cards of one step. Large enough for set-based SQL, small enough to commit often.
BATCH = 2000


class LoyaltyLedger(models.AbstractModel):
    """The nightly work: release, expire, requalify. Resumable after every batch."""

    _inherit = "loyalty.ledger"

    @api.model
    def _cron_daily(self):
        """Do the nightly work, committing after each batch."""
        for _cards in self._run_daily():
            if not self.env["ir.cron"]._commit_progress(1, remaining=1):
                return
        self.env["ir.cron"]._commit_progress(remaining=0)

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
            yield from self._run_due(program, self._query_release)
            yield from self._run_due(program, self._query_expire)
            yield from program._requalify_members(BATCH)

    def _run_due(self, program, query):
        today = program._get_local_date()
        while rows := self.env.execute_query(query(program.id, today, BATCH)):
            cards = self.env["loyalty.card"].browse(sorted({row[0] for row in rows}))
            self._settle(cards.ids)
            self._refresh_cards(cards)
            cards._refresh_tiers()
            yield cards

    def _query_release(self, program_id, today, limit):
        # SQL: pending lots whose hold is over become spendable.
        return SQL(
            """
            UPDATE loyalty_lot SET state = 'open'
            WHERE id IN (
                SELECT id FROM loyalty_lot
                WHERE state = 'pending' AND program_id = %s AND available_on <= %s
                ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
            RETURNING card_id
            """,
            program_id,
            today,
            limit,
        )

    def _query_expire(self, program_id, today, limit):
        # SQL: one entry a lot, keyed by the lot, so that no lot expires twice.
        return SQL(
            """
            WITH due AS (
                SELECT l.id, l.card_id, l.remaining, l.expires_on, e.company_id,
                    e.currency_id
                FROM loyalty_lot l JOIN loyalty_ledger_entry e ON e.id = l.entry_id
                WHERE l.program_id = %(program)s AND l.state = 'open'
                    AND l.remaining > 0 AND l.expires_on < %(today)s
                ORDER BY l.id LIMIT %(limit)s FOR UPDATE OF l SKIP LOCKED
            ), entry AS (
                INSERT INTO loyalty_ledger_entry (
                    card_id, member_card_id, program_id, company_id, currency_id,
                    entry_type, points, base_amount, occurred_at, posted_at,
                    available_on, channel, key, posted_by_id)
                SELECT card_id, card_id, %(program)s, company_id, currency_id, 'expire',
                    -remaining, 0, expires_on + interval '1 day',
                    now() AT TIME ZONE 'UTC', expires_on, 'backoffice',
                    'expire:' || id, %(uid)s
                FROM due
                ON CONFLICT (key) DO NOTHING
                RETURNING id, key
            ), used AS (
                INSERT INTO loyalty_lot_use (lot_id, entry_id, points)
                SELECT due.id, entry.id, due.remaining
                FROM due JOIN entry ON entry.key = 'expire:' || due.id
                RETURNING lot_id
            )
            UPDATE loyalty_lot SET remaining = 0
            WHERE id IN (SELECT lot_id FROM used)
            RETURNING card_id
            """,
            program=program_id,
            today=today,
            limit=limit,
            uid=self.env.uid,
        )
