import json

from odoo import models
from odoo.tools import SQL


class LoyaltyLedger(models.AbstractModel):
    """The statements of the ledger service: one set-based step each."""

    _inherit = "loyalty.ledger"

    def _query_insert_entries(self, rows):
        # SQL: a reversal counts for the tier on the days of what it reverses, so
        # that the two cancel out whatever the window.
        return SQL(
            """
            INSERT INTO loyalty_ledger_entry (
                card_id, member_card_id, program_id, company_id, currency_id,
                entry_type, points, base_amount, occurred_at, posted_at,
                available_on, tier_date, channel, origin_model, origin_id, key,
                reverses_id, posted_by_id, breakdown)
            SELECT r.card_id, r.member_card_id, r.program_id, r.company_id,
                r.currency_id, r.entry_type, r.points, r.base_amount, r.occurred_at,
                now() AT TIME ZONE 'UTC',
                COALESCE(o.available_on, r.available_on),
                CASE WHEN o.id IS NULL THEN r.tier_date ELSE o.tier_date END,
                r.channel, r.origin_model, r.origin_id, r.key, r.reverses_id,
                r.posted_by_id, NULLIF(r.breakdown, 'null'::jsonb)
            FROM jsonb_to_recordset(%s::jsonb) AS r(
                number int, card_id int, member_card_id int, program_id int,
                company_id int, currency_id int, entry_type varchar,
                points numeric, base_amount numeric, occurred_at timestamp,
                available_on date, tier_date date, channel varchar,
                origin_model varchar, origin_id int, key varchar, reverses_id int,
                posted_by_id int,
                breakdown jsonb)
            LEFT JOIN loyalty_ledger_entry o ON o.id = r.reverses_id
            ORDER BY r.number
            ON CONFLICT (key) DO NOTHING
            RETURNING id, key, member_card_id
            """,
            json.dumps(rows),
        )

    def _query_insert_lots(self, entry_ids, expiry):
        facts = [
            {"key": key, "expires_on": expires_on, "is_pending": is_pending}
            for key, (expires_on, is_pending) in expiry.items()
        ]
        # SQL: returned redemptions get their lots from what they had consumed.
        return SQL(
            """
            INSERT INTO loyalty_lot (entry_id, card_id, program_id, points,
                remaining, state, available_on, expires_on)
            SELECT e.id, e.card_id, e.program_id, e.points, e.points,
                CASE WHEN r.is_pending THEN 'pending' ELSE 'open' END,
                e.available_on, r.expires_on
            FROM loyalty_ledger_entry e
            JOIN jsonb_to_recordset(%s::jsonb)
                AS r(key varchar, expires_on date, is_pending bool) USING (key)
            WHERE e.id = ANY(%s) AND e.points <> 0
                AND NOT (e.points > 0 AND e.reverses_id IS NOT NULL)
            ORDER BY e.id
            RETURNING id
            """,
            json.dumps(facts),
            entry_ids,
        )

    def _query_return_lots(self, entry_ids):
        # SQL: what was spent comes back, the whole or a part: first what is still
        # owed for it, then the points with the expiry they had, the longest first.
        # What earlier returns gave back is not given again.
        return SQL(
            """
            WITH back AS (
                SELECT id AS entry_id, card_id, program_id, points, available_on,
                    reverses_id, SUM(points) OVER w - points AS low,
                    SUM(points) OVER w AS high
                FROM loyalty_ledger_entry
                WHERE id = ANY(%(ids)s) AND points > 0 AND reverses_id IS NOT NULL
                WINDOW w AS (PARTITION BY reverses_id ORDER BY id)
            ), moved AS (
                SELECT u.entry_id AS spent_id, l.expires_on, u.points
                FROM loyalty_lot_use u JOIN loyalty_lot l ON l.id = u.lot_id
                WHERE u.entry_id IN (SELECT reverses_id FROM back)
                UNION ALL
                SELECT e.reverses_id, l.expires_on, -l.points
                FROM loyalty_ledger_entry e JOIN loyalty_lot l ON l.entry_id = e.id
                WHERE e.reverses_id IN (SELECT reverses_id FROM back) AND l.points > 0
            ), spent AS (
                SELECT entry_id AS spent_id, id AS debit_id, NULL::date AS expires_on,
                    -remaining AS points
                FROM loyalty_lot
                WHERE entry_id IN (SELECT reverses_id FROM back) AND remaining < 0
                UNION ALL
                SELECT spent_id, NULL, expires_on, SUM(points)
                FROM moved GROUP BY spent_id, expires_on HAVING SUM(points) > 0
            ), laid AS (
                SELECT spent_id, debit_id, expires_on,
                    SUM(points) OVER w - points AS low, SUM(points) OVER w AS high
                FROM spent
                WINDOW w AS (PARTITION BY spent_id
                    ORDER BY debit_id NULLS LAST, expires_on DESC NULLS FIRST)
            ), part AS (
                SELECT b.entry_id, s.debit_id, s.expires_on,
                    LEAST(b.high, s.high) - GREATEST(b.low, s.low) AS points
                FROM back b JOIN laid s ON s.spent_id = b.reverses_id
                    AND s.low < b.high AND b.low < s.high
            ), paid AS (
                UPDATE loyalty_lot l SET remaining = l.remaining + p.points
                FROM (SELECT debit_id, SUM(points) AS points FROM part
                      WHERE debit_id IS NOT NULL GROUP BY debit_id) p
                WHERE l.id = p.debit_id
            )
            INSERT INTO loyalty_lot (entry_id, card_id, program_id, points,
                remaining, state, available_on, expires_on)
            SELECT b.entry_id, b.card_id, b.program_id, p.points, p.points, 'open',
                b.available_on, p.expires_on
            FROM part p JOIN back b USING (entry_id)
            WHERE p.debit_id IS NULL
            RETURNING id
            """,
            ids=entry_ids,
        )

    def _query_pair_reversals(self, entry_ids):
        # SQL: an undone earning takes its own lot first, pending or not; several
        # undone parts of one earning are laid end to end.
        return SQL(
            """
            WITH demand AS (
                SELECT d.id, d.entry_id, e.reverses_id,
                    SUM(-d.remaining) OVER w + d.remaining AS low,
                    SUM(-d.remaining) OVER w AS high
                FROM loyalty_ledger_entry e
                JOIN loyalty_lot d ON d.entry_id = e.id AND d.remaining < 0
                WHERE e.id = ANY(%(ids)s) AND e.reverses_id IS NOT NULL
                WINDOW w AS (PARTITION BY e.reverses_id ORDER BY d.id)
            ), supply AS (
                SELECT id, entry_id, SUM(remaining) OVER w - remaining AS low,
                    SUM(remaining) OVER w AS high
                FROM loyalty_lot
                WHERE entry_id IN (SELECT reverses_id FROM demand) AND remaining > 0
                WINDOW w AS (PARTITION BY entry_id ORDER BY id)
            ), pair AS (
                SELECT s.id AS lot_id, d.id AS debit_id, d.entry_id,
                    LEAST(s.high, d.high) - GREATEST(s.low, d.low) AS taken
                FROM supply s JOIN demand d ON d.reverses_id = s.entry_id
                    AND s.low < d.high AND d.low < s.high
            ), used AS (
                INSERT INTO loyalty_lot_use (lot_id, entry_id, points)
                SELECT lot_id, entry_id, taken FROM pair
            )
            UPDATE loyalty_lot l SET remaining = l.remaining + c.delta
            FROM (SELECT lot_id AS id, -SUM(taken) AS delta FROM pair GROUP BY lot_id
                  UNION ALL
                  SELECT debit_id, SUM(taken) FROM pair GROUP BY debit_id) c
            WHERE l.id = c.id
            RETURNING l.id
            """,
            ids=entry_ids,
        )

    def _query_settle(self, card_ids):
        # SQL: both sides laid end to end; where they overlap, a lot pays a demand.
        # The order of the lots is engine.lots.spending_order.
        return SQL(
            """
            WITH supply AS (
                SELECT id, card_id, SUM(remaining) OVER w - remaining AS low,
                    SUM(remaining) OVER w AS high
                FROM loyalty_lot
                WHERE card_id = ANY(%(ids)s) AND state = 'open' AND remaining > 0
                WINDOW w AS (PARTITION BY card_id ORDER BY expires_on NULLS LAST, id)
            ), demand AS (
                SELECT id, entry_id, card_id, SUM(-remaining) OVER w + remaining AS low,
                    SUM(-remaining) OVER w AS high
                FROM loyalty_lot
                WHERE card_id = ANY(%(ids)s) AND state = 'open' AND remaining < 0
                WINDOW w AS (PARTITION BY card_id ORDER BY id)
            ), pair AS (
                SELECT s.id AS lot_id, d.id AS debit_id, d.entry_id,
                    LEAST(s.high, d.high) - GREATEST(s.low, d.low) AS taken
                FROM supply s
                JOIN demand d ON d.card_id = s.card_id
                    AND s.low < d.high AND d.low < s.high
            ), used AS (
                INSERT INTO loyalty_lot_use (lot_id, entry_id, points)
                SELECT lot_id, entry_id, taken FROM pair
            )
            UPDATE loyalty_lot l SET remaining = l.remaining + c.delta
            FROM (SELECT lot_id AS id, -SUM(taken) AS delta FROM pair GROUP BY lot_id
                  UNION ALL
                  SELECT debit_id, SUM(taken) FROM pair GROUP BY debit_id) c
            WHERE l.id = c.id
            RETURNING l.id
            """,
            ids=card_ids,
        )

    def _query_refresh_cards(self, card_ids):
        return SQL(
            """
            UPDATE loyalty_card c
            SET points = t.spendable, points_pending = t.pending
            FROM (
                SELECT k.id,
                    COALESCE(SUM(l.remaining) FILTER (WHERE l.state = 'open'), 0)
                        AS spendable,
                    COALESCE(SUM(l.remaining) FILTER (WHERE l.state = 'pending'), 0)
                        AS pending
                FROM unnest(%s::int[]) AS k(id)
                LEFT JOIN loyalty_lot l ON l.card_id = k.id AND l.remaining <> 0
                GROUP BY k.id
            ) t
            WHERE c.id = t.id OR c.account_id = t.id
            RETURNING c.id
            """,
            card_ids,
        )
