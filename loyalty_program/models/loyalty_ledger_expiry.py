import json

from odoo import models
from odoo.tools import SQL

from ..engine.expiry import INACTIVITY, last_lapsed
from .loyalty_ledger_batch import BATCH, Due


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
        told = SQL("%s, NULL, NULL", self._sql_tell_lots())
        for cards, *_more in self._run_lots(
            "expiry",
            self._get_lapsed(program, today),
            lambda due: self._query_expire(program, due, told),
        ):
            yield cards
        if rule.mode == INACTIVITY:
            yield from self._run_inactivity(program, today)
        program._note_lapsed(today)

    def _get_lapsed(self, program, today):
        """Return which lots are past their last day, as a ``Due``."""
        return Due(
            SQL("expires_on"),
            SQL(
                """state = 'open' AND program_id = %s AND remaining > 0
                   AND expires_on < %s""",
                program.id,
                today,
            ),
        )

    def _query_expire(self, program, due, told):
        return SQL(
            """
            WITH %(due)s, dated AS (
                SELECT due.*, %(locked)s AS locked FROM due
            ), entry AS (
                INSERT INTO loyalty_ledger_entry (
                    card_id, member_card_id, program_id, company_id, currency_id,
                    entry_type, points, base_amount, occurred_at, posted_at,
                    available_on, channel, key, posted_by_id, breakdown)
                SELECT card_id, card_id, %(program)s,
                    (SELECT company_id FROM loyalty_ledger_entry WHERE id = entry_id),
                    (SELECT currency_id FROM loyalty_ledger_entry WHERE id = entry_id),
                    'expire', -remaining, 0,
                    (CASE WHEN locked > day AND locked < %(today)s THEN locked + 1
                        ELSE day + 1 END)::timestamp
                        AT TIME ZONE %(timezone)s AT TIME ZONE 'UTC',
                    now() AT TIME ZONE 'UTC', day, 'backoffice',
                    'expire:' || id, %(uid)s,
                    CASE WHEN locked > day THEN jsonb_build_object('period',
                        jsonb_build_object('happened_on', day + 1,
                            'locked_until', locked)
                        || CASE WHEN locked < %(today)s THEN '{}'::jsonb
                            ELSE '{"kept": true}'::jsonb END)
                    END
                FROM dated ORDER BY day, id
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
            today=program._get_local_date(),
            locked=self._sql_locked_until(program),
            uid=self.env.uid,
            moved=self._sql_move_balances(),
        )

    # === Inactivity ===

    def _run_inactivity(self, program, today):
        """Yield after each batch of accounts that were inactive for too long."""
        last_id = 0
        while rows := self._note_activity(program, today, last_id):
            last_id = rows[-1][0]
            self._expire_inactive(program, program._find_inactive(rows, today))
            cards = self.env["loyalty.card"].browse(row[0] for row in rows)
            self._forget_balances(cards)
            cards.invalidate_recordset(["activity_seen_on"])
            yield cards

    def _expire_inactive(self, program, ends):
        """Let undated points lapse; whose cannot keeps nobody else's.

        :param dict ends: {account id: their last day}
        """

        def expire(cards):
            # The log gets the failure that names the account.
            days = {card.id: ends[card.id] for card in cards}
            query = self._query_expire_undated(program, days)
            self.env.cr.execute(query, log_exceptions=False)

        cards = self.env["loyalty.card"].browse(ends)
        self._tell_left_out(self._do_apart("expiry", cards, expire))

    def _query_expire_undated(self, program, ends):
        days = [{"card_id": key, "day": str(day)} for key, day in ends.items()]
        return self._query_expire(program, self._sql_undated_lots(days), SQL("NULL"))

    def _note_activity(self, program, day, after=0, accounts=None):
        """Look anew at accounts whose points may have lapsed by a day.

        :param date day: None for all accounts
        :param int after: the card id after which the batch begins
        :param accounts: cards to look at, all without them
        :return: list of (card id, day of the last activity, months of its tier)
        """
        self._flush_tiers()
        rule = program._get_expiry_rule()
        borders = {
            extra: last_lapsed(day, rule, extra) if day else program._get_local_date()
            for extra in program._get_validity_extras()
        }
        return self.env.execute_query(
            self._query_note_activity(program, borders, after, accounts)
        )

    def _query_note_activity(self, program, borders, after, accounts):
        # SQL: of accounts whose known activity is a full period old, the entries tell
        # whether it is still the last. So an account is looked at once in a period.
        return SQL(
            """
            WITH due AS (
                SELECT c.id FROM loyalty_card c
                LEFT JOIN jsonb_to_recordset(%(borders)s::jsonb)
                    AS b(extra int, day date) ON b.extra = %(extra)s
                WHERE c.program_id = %(program)s AND c.id > %(after)s AND c.points > 0
                    AND c.account_id IS NULL AND %(which)s
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
                RETURNING c.id, a.day, a.extra
            )
            SELECT id, day, extra FROM seen ORDER BY id
            """,
            borders=json.dumps(
                [{"extra": e, "day": str(d) if d else None} for e, d in borders.items()]
            ),
            program=program.id,
            after=after,
            limit=BATCH,
            which=SQL("c.id = ANY(%s)", accounts.ids) if accounts else SQL("true"),
            extra=self._sql_extra_months(program, SQL("c")),
            activity=self._sql_last_activity(program, SQL("due.id")),
        )

    def _sql_last_activity(self, program, card_id):
        """Return the query for the last activity of an account, and its months.

        The months of the best tier that was held since: who loses a tier keeps the
        days that were promised.
        """
        return SQL(
            """SELECT l.day, %(extra)s AS extra
               FROM loyalty_card k, LATERAL (
                    SELECT MAX(%(day)s) AS day FROM loyalty_ledger_entry e
                    WHERE e.card_id = k.id AND (e.points > 0
                        OR e.entry_type IN ('earn', 'redeem'))) l
               WHERE k.id = %(card)s""",
            extra=self._sql_months_since(program),
            day=self._sql_day(program._get_timezone().zone),
            card=card_id,
        )

    def _sql_months_since(self, program):
        now = self._sql_extra_months(program, SQL("k"))
        if not any(program._get_validity_extras()):
            return now
        # SQL: the tiers that account ``k`` or its members left since day ``l.day``.
        return SQL(
            """GREATEST(%s, (
                SELECT MAX(t.extra_validity_months)
                FROM loyalty_card m
                JOIN loyalty_tier_change h ON h.card_id = m.id
                JOIN loyalty_tier t ON t.id = h.from_tier_id
                WHERE (m.id = k.id OR m.account_id = k.id)
                    AND h.changed_on >= l.day))""",
            now,
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
