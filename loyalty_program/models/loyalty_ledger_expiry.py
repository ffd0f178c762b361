import json
from datetime import timedelta

from odoo import models
from odoo.tools import SQL

from ..engine.expiry import INACTIVITY, last_lapsed
from .loyalty_ledger_batch import BATCH


class LoyaltyLedger(models.AbstractModel):
    """Points lapse: at their own last day, or with the inactivity of their account.

    Each lot gets an entry of its own, keyed by the lot, so that no lot expires twice.
    """

    _inherit = "loyalty.ledger"

    def _run_expiry(self, program):
        """Yield after each batch of accounts of which points lapsed."""
        today = program._get_local_date()
        rule = program._get_expiry_rule()
        if rule.is_dated:
            # What came back undated: spent before the programme had an expiry.
            self._date_lots(program, only_undated=True)
        for cards, *_more in self._run_lots(
            lambda after: self._query_lapse(program, today, after)
        ):
            yield cards
        if rule.mode == INACTIVITY:
            yield from self._run_inactivity(program, today)

    def _query_lapse(self, program, today, after):
        lots = SQL(
            """state = 'open' AND program_id = %s AND remaining > 0
               AND expires_on < %s""",
            program.id,
            today,
        )
        due = self._sql_take_lots(SQL("expires_on"), lots, after)
        told = SQL("%s, NULL, NULL", self._sql_tell_lots())
        return self._query_expire(program, due, told)

    def _query_expire(self, program, due, told):
        return SQL(
            """
            WITH %(due)s, entry AS (
                INSERT INTO loyalty_ledger_entry (
                    card_id, member_card_id, program_id, company_id, currency_id,
                    entry_type, points, base_amount, occurred_at, posted_at,
                    available_on, channel, key, posted_by_id)
                SELECT card_id, card_id, %(program)s,
                    (SELECT company_id FROM loyalty_ledger_entry WHERE id = entry_id),
                    (SELECT currency_id FROM loyalty_ledger_entry WHERE id = entry_id),
                    'expire', -remaining, 0,
                    GREATEST(day + 1, %(opens_on)s::date)::timestamp
                        AT TIME ZONE %(timezone)s AT TIME ZONE 'UTC',
                    now() AT TIME ZONE 'UTC', day, 'backoffice',
                    'expire:' || id, %(uid)s
                FROM due ORDER BY day, id
                ON CONFLICT (key) DO NOTHING
                RETURNING id, card_id, -points AS points,
                    split_part(key, ':', 2)::int AS lot_id
            ), used AS (
                INSERT INTO loyalty_lot_use (lot_id, entry_id, points)
                SELECT lot_id, id, points FROM entry
            ), emptied AS (
                UPDATE loyalty_lot SET remaining = 0
                WHERE id = ANY(ARRAY(SELECT lot_id FROM entry))
            ), change AS (
                SELECT card_id, -SUM(points) AS points, 0 AS pending
                FROM entry GROUP BY card_id
            ), %(moved)s
            SELECT %(told)s
            """,
            due=due,
            told=told,
            program=program.id,
            timezone=program._get_timezone().zone,
            opens_on=self._get_first_open_day(program),
            uid=self.env.uid,
            moved=self._sql_move_balances(),
        )

    def _get_first_open_day(self, program):
        """Return the day after the last closed one of the books, None if none is."""
        closed = self._get_locked_until(program.company_id or self.env.company)
        return closed and closed + timedelta(days=1)

    # === Inactivity ===

    def _run_inactivity(self, program, today):
        """Yield after each batch of accounts that were inactive for too long."""
        last_id = 0
        while rows := self._note_activity(program, today, last_id):
            last_id = rows[-1][0]
            ends = [
                {"card_id": card_id, "day": str(end)}
                for card_id, day, extra in rows
                if (end := program._get_inactivity_end(day, extra)) < today
            ]
            if ends:
                self.env.execute_query(
                    self._query_expire(
                        program, self._sql_undated_lots(ends), SQL("NULL")
                    )
                )
            cards = self.env["loyalty.card"].browse(row[0] for row in rows)
            self._forget_balances(cards)
            cards.invalidate_recordset(["activity_seen_on"])
            yield cards

    def _note_activity(self, program, day, after):
        """Look anew at accounts whose points may have lapsed by a day.

        :param int after: the card id after which the batch begins
        :return: list of (card id, day of the last activity, months of its tier)
        """
        self._flush_tiers()
        rule = program._get_expiry_rule()
        borders = {
            extra: last_lapsed(day, rule, extra)
            for extra in program._get_validity_extras()
        }
        return self.env.execute_query(
            self._query_note_activity(program, borders, after)
        )

    def _query_note_activity(self, program, borders, after):
        # SQL: of accounts whose known activity is a full period old, the entries tell
        # whether it is still the last. So an account is looked at once in a period.
        return SQL(
            """
            WITH due AS (
                SELECT c.id, COALESCE(t.extra_validity_months, 0) AS extra
                FROM loyalty_card c LEFT JOIN loyalty_tier t ON t.id = c.tier_id
                LEFT JOIN jsonb_to_recordset(%(borders)s::jsonb)
                    AS b(extra int, day date)
                    ON b.extra = COALESCE(t.extra_validity_months, 0)
                WHERE c.program_id = %(program)s AND c.id > %(after)s AND c.points > 0
                    AND c.account_id IS NULL
                    AND COALESCE(c.activity_seen_on <= b.day, true)
                    AND EXISTS (
                        SELECT FROM loyalty_lot l
                        WHERE l.card_id = c.id AND l.remaining > 0
                            AND l.state = 'open' AND l.expires_on IS NULL)
                ORDER BY c.id LIMIT %(limit)s
                FOR NO KEY UPDATE OF c SKIP LOCKED
            ), seen AS (
                UPDATE loyalty_card c SET activity_seen_on = a.day
                FROM due, LATERAL (%(activity)s) a
                WHERE c.id = due.id
                RETURNING c.id, a.day, due.extra
            )
            SELECT id, day, extra FROM seen ORDER BY id
            """,
            borders=json.dumps(
                [{"extra": e, "day": str(d) if d else None} for e, d in borders.items()]
            ),
            program=program.id,
            after=after,
            limit=BATCH,
            activity=self._sql_last_activity(program, SQL("due.id")),
        )

    def _sql_last_activity(self, program, card_id):
        """Return the query for the day of an account's last activity."""
        return SQL(
            """SELECT MAX(%s) AS day FROM loyalty_ledger_entry e
               WHERE e.card_id = %s
                   AND (e.points > 0 OR e.entry_type IN ('earn', 'redeem'))""",
            self._sql_day(program._get_timezone().zone),
            card_id,
        )

    def _sql_undated_lots(self, ends):
        """Return the step ``due``: the undated lots of accounts that are locked."""
        return SQL(
            """due AS (
                SELECT l.id, l.entry_id, l.card_id, l.remaining, r.day
                FROM jsonb_to_recordset(%s::jsonb) AS r(card_id int, day date)
                JOIN loyalty_lot l ON l.card_id = r.card_id
                WHERE l.state = 'open' AND l.remaining > 0 AND l.expires_on IS NULL
                FOR NO KEY UPDATE OF l
            )""",
            json.dumps(ends),
        )
