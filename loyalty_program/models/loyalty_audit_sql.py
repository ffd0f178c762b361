from odoo import models
from odoo.tools import SQL

from .loyalty_audit import PART_TABLES


class LoyaltyAudit(models.Model):
    """The statements of the self-audit. Each sees one snapshot of the ledger.

    The ``_query_check_`` statements return (card, check, entry, lot, expected, found)
    of what does not agree among the ids above ``low``, up to ``high``.
    """

    _inherit = "loyalty.audit"

    def _query_lay_out(self, kind, size):
        # SQL: one row for each stretch of ids that holds anything.
        return SQL(
            """
            INSERT INTO loyalty_audit_part (audit_id, kind, low, high, is_checked)
            SELECT %(audit)s, %(kind)s, low, low + %(size)s, FALSE
            FROM (SELECT MIN(id) - 1 AS first, MAX(id) AS last FROM %(table)s) t,
                generate_series(t.first, t.last - 1, %(size)s) AS low
            RETURNING id
            """,
            audit=self.id,
            kind=kind,
            size=size,
            table=SQL.identifier(PART_TABLES[kind]),
        )

    def _query_take_part(self):
        return SQL(
            """
            SELECT id, kind, low, high FROM loyalty_audit_part
            WHERE audit_id = %s AND is_checked IS NOT TRUE
            ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
            """,
            self.id,
        )

    def _query_end_part(self, part_id, seconds):
        return SQL(
            """
            UPDATE loyalty_audit_part SET is_checked = TRUE, seconds = %s
            WHERE id = %s RETURNING id
            """,
            seconds,
            part_id,
        )

    def _query_finish(self):
        # SQL: of workers who are ready at the same time, one closes the run.
        return SQL(
            """
            UPDATE loyalty_audit SET state = 'done',
                finished_at = now() AT TIME ZONE 'UTC',
                duration = (SELECT SUM(seconds) FROM loyalty_audit_part
                            WHERE audit_id = %(audit)s),
                card_count = (SELECT COUNT(*) FROM loyalty_card c
                    JOIN loyalty_program p ON p.id = c.program_id AND p.is_managed),
                entry_count = (SELECT COUNT(*) FROM loyalty_ledger_entry),
                difference_count = (SELECT COUNT(*) FROM loyalty_audit_difference
                                    WHERE last_audit_id = %(audit)s)
            WHERE id IN (SELECT id FROM loyalty_audit
                WHERE id = %(audit)s AND state = 'running' FOR UPDATE SKIP LOCKED)
            RETURNING id
            """,
            audit=self.id,
        )

    def _query_close_gone(self):
        return SQL(
            """
            UPDATE loyalty_audit_difference SET closed_at = now() AT TIME ZONE 'UTC'
            WHERE closed_at IS NULL AND last_audit_id < %s RETURNING id
            """,
            self.id,
        )

    def _query_told(self, company):
        return SQL(
            """
            UPDATE loyalty_audit_difference SET is_told = TRUE
            WHERE closed_at IS NULL AND is_told IS NOT TRUE
                AND company_id IS NOT DISTINCT FROM %s
            RETURNING id
            """,
            company.id or None,
        )

    def _query_note(self, found):
        # SQL: a difference that is known and still the same only moves its last run.
        # The planner takes every row for a difference: it would read all cards for
        # each part to learn their companies. There are hardly any, so each asks.
        return SQL(
            """
            INSERT INTO loyalty_audit_difference (audit_id, last_audit_id, card_id,
                company_id, check_name, entry_id, lot_id, expected, found, gap)
            SELECT %(audit)s, %(audit)s, f.card_id,
                (SELECT p.company_id FROM loyalty_card c
                 JOIN loyalty_program p ON p.id = c.program_id
                 WHERE c.id = f.card_id),
                f.check_name, f.entry_id, f.lot_id, f.expected, f.found,
                f.found - f.expected
            FROM (%(found)s) AS f(card_id, check_name, entry_id, lot_id, expected,
                found)
            ON CONFLICT (card_id, check_name, COALESCE(entry_id, 0),
                COALESCE(lot_id, 0), gap) WHERE closed_at IS NULL
            DO UPDATE SET expected = EXCLUDED.expected, found = EXCLUDED.found,
                last_audit_id = GREATEST(
                    loyalty_audit_difference.last_audit_id, EXCLUDED.last_audit_id)
            RETURNING id
            """,
            audit=self.id,
            found=found,
        )

    def _query_check_cards(self, low, high):
        # SQL: what the card shows, what its lots hold, what was ever posted to it and
        # does not wait in the queue. A member of a pool has nothing of its own, and
        # shows what the account has, which is looked up for each (OFFSET 0): most
        # cards are in no pool.
        return SQL(
            """
            WITH posted AS (
                SELECT card_id, SUM(points) AS points FROM loyalty_ledger_entry
                WHERE card_id > %(low)s AND card_id <= %(high)s GROUP BY card_id
            ), rest AS (
                SELECT card_id,
                    COALESCE(SUM(remaining) FILTER (WHERE state = 'open'), 0) AS open,
                    COALESCE(SUM(remaining) FILTER (WHERE state = 'pending'), 0)
                        AS pending
                FROM loyalty_lot
                WHERE remaining <> 0 AND card_id > %(low)s AND card_id <= %(high)s
                GROUP BY card_id
            ), waiting AS (
                SELECT q.card_id, SUM(e.points) AS points
                FROM loyalty_ledger_queue q
                JOIN loyalty_ledger_entry e ON e.id = q.entry_id
                GROUP BY q.card_id
            ), card AS (
                SELECT c.id,
                    CASE WHEN c.account_id IS NULL THEN COALESCE(c.points, 0)
                        ELSE 0 END AS points,
                    CASE WHEN c.account_id IS NULL THEN COALESCE(c.points_pending, 0)
                        ELSE 0 END AS pending,
                    COALESCE(posted.points, 0) - COALESCE(waiting.points, 0) AS posted,
                    COALESCE(rest.open, 0) AS rest_open,
                    COALESCE(rest.pending, 0) AS rest_pending
                FROM loyalty_card c
                JOIN loyalty_program p ON p.id = c.program_id AND p.is_managed
                LEFT JOIN posted ON posted.card_id = c.id
                LEFT JOIN rest ON rest.card_id = c.id
                LEFT JOIN waiting ON waiting.card_id = c.id
                WHERE c.id > %(low)s AND c.id <= %(high)s
            ), differing AS (
                SELECT * FROM card
                WHERE points <> rest_open OR pending <> rest_pending
                    OR points + pending <> posted
            )
            SELECT id, 'balance', NULL::int, NULL::int, rest_open, points
            FROM differing WHERE points <> rest_open
            UNION ALL
            SELECT id, 'pending', NULL, NULL, rest_pending, pending
            FROM differing WHERE pending <> rest_pending
            UNION ALL
            SELECT id, 'entries', NULL, NULL, posted, points + pending
            FROM differing WHERE points + pending <> posted
            UNION ALL
            SELECT c.id, a.check_name, NULL, NULL, a.expected, a.found
            FROM loyalty_card c CROSS JOIN LATERAL (
                SELECT v.* FROM loyalty_card k CROSS JOIN LATERAL (VALUES
                    ('copy', COALESCE(k.points, 0), COALESCE(c.points, 0)),
                    ('copy_pending', COALESCE(k.points_pending, 0),
                        COALESCE(c.points_pending, 0))
                ) AS v(check_name, expected, found)
                WHERE k.id = c.account_id OFFSET 0
            ) a
            WHERE c.id > %(low)s AND c.id <= %(high)s AND c.account_id IS NOT NULL
                AND a.expected <> a.found
            """,
            low=low,
            high=high,
        )

    def _query_check_entries(self, low, high):
        # SQL: a gain is in its lots. A spending used lots, is owed still, or was
        # returned before it was paid for: the part of a return that has no lot.
        return SQL(
            """
            WITH lot AS (
                SELECT entry_id, SUM(points) AS points,
                    COALESCE(SUM(-remaining) FILTER (WHERE points < 0), 0) AS owed
                FROM loyalty_lot WHERE entry_id > %(low)s AND entry_id <= %(high)s
                GROUP BY entry_id
            ), used AS (
                SELECT entry_id, SUM(points) AS points FROM loyalty_lot_use
                WHERE entry_id > %(low)s AND entry_id <= %(high)s GROUP BY entry_id
            ), undone AS (
                SELECT r.reverses_id AS entry_id, SUM(r.points) AS points,
                    SUM(CASE WHEN r.points > 0 THEN r.points - COALESCE(
                        (SELECT SUM(b.points) FROM loyalty_lot b
                         WHERE b.entry_id = r.id), 0) ELSE 0 END) AS unpaid
                FROM loyalty_ledger_entry r
                WHERE r.reverses_id > %(low)s AND r.reverses_id <= %(high)s
                GROUP BY r.reverses_id
            ), entry AS (
                SELECT e.id, e.card_id, e.points, e.reverses_id,
                    COALESCE(lot.points, 0) AS in_lots,
                    COALESCE(used.points, 0) + COALESCE(lot.owed, 0)
                        + COALESCE(undone.unpaid, 0) AS covered,
                    COALESCE(undone.points, 0) AS undone
                FROM loyalty_ledger_entry e
                LEFT JOIN lot ON lot.entry_id = e.id
                LEFT JOIN used ON used.entry_id = e.id
                LEFT JOIN undone ON undone.entry_id = e.id
                WHERE e.id > %(low)s AND e.id <= %(high)s
            ), judged AS (
                SELECT *, points > 0 AND (CASE WHEN reverses_id IS NULL
                        THEN in_lots <> points
                        ELSE in_lots > points OR in_lots < 0 END) AS lots_differ,
                    points < 0 AND covered <> -points AS uses_differ,
                    undone <> 0 AND (SIGN(undone) = SIGN(points)
                        OR ABS(undone) > ABS(points)) AS undone_differs
                FROM entry
            ), %(differing)s
            SELECT card_id, 'entry_lots', id, NULL::int, points, in_lots
            FROM differing
            WHERE lots_differ AND id NOT IN (SELECT entry_id FROM loyalty_ledger_queue)
            UNION ALL
            SELECT card_id, 'entry_uses', id, NULL, -points, covered
            FROM differing WHERE uses_differ
            UNION ALL
            SELECT card_id, 'reversal', id, NULL, -points, undone
            FROM differing WHERE undone_differs
            """,
            low=low,
            high=high,
            differing=self._sql_differing_entries(),
        )

    def _sql_differing_entries(self):
        """Return the step ``differing``: those of ``judged`` that are wrong indeed.

        What was undone may be withdrawn and undone again, as with a credit note that
        is reset to draft. Only the few entries that look wrong by themselves are looked
        at together with these withdrawals.
        """
        return SQL(
            """differing AS (
                SELECT j.id, j.card_id, j.points, j.in_lots, j.lots_differ, j.covered,
                    j.uses_differ AND family.covered <> -family.points AS uses_differ,
                    j.undone + again.points AS undone,
                    j.undone_differs AND j.undone + again.points <> 0
                        AND (SIGN(j.undone + again.points) = SIGN(j.points)
                            OR ABS(j.undone + again.points) > ABS(j.points))
                        AS undone_differs
                FROM judged j CROSS JOIN LATERAL (
                    SELECT COALESCE(SUM(w.points), 0) AS points
                    FROM loyalty_ledger_entry r
                    JOIN loyalty_ledger_entry w ON w.reverses_id = r.id
                    WHERE r.reverses_id = j.id
                ) again CROSS JOIN LATERAL (
                    SELECT COALESCE((SELECT r.reverses_id FROM loyalty_ledger_entry r
                        WHERE r.id = j.reverses_id AND j.points < 0), j.id) AS id
                ) root CROSS JOIN LATERAL (%s) family
                WHERE j.lots_differ OR j.uses_differ OR j.undone_differs
            )""",
            self._sql_spending_family(),
        )

    def _sql_spending_family(self):
        """Return what the spending ``root`` and its withdrawn returns took, and how.

        A return pays back whichever of them is owed.
        """
        return SQL(
            """
            SELECT SUM(m.points) AS points, SUM(
                COALESCE((SELECT SUM(u.points) FROM loyalty_lot_use u
                          WHERE u.entry_id = m.id), 0)
                - COALESCE((SELECT SUM(l.remaining) FROM loyalty_lot l
                            WHERE l.entry_id = m.id AND l.points < 0), 0)
                + COALESCE((
                    SELECT SUM(r.points - COALESCE(
                        (SELECT SUM(b.points) FROM loyalty_lot b
                         WHERE b.entry_id = r.id), 0))
                    FROM loyalty_ledger_entry r
                    WHERE r.reverses_id = m.id AND r.points > 0), 0)) AS covered
            FROM (
                SELECT e.id, e.points FROM loyalty_ledger_entry e WHERE e.id = root.id
                UNION ALL
                SELECT w.id, w.points
                FROM loyalty_ledger_entry v
                JOIN loyalty_ledger_entry w ON w.reverses_id = v.id AND w.points < 0
                WHERE v.reverses_id = root.id
            ) m
            """
        )

    def _query_check_lots(self, low, high):
        # SQL: what is left of a gain is what nobody used; never less than nothing.
        return SQL(
            """
            SELECT l.card_id, 'lot', NULL::int, l.id,
                CASE WHEN l.points > 0
                    THEN GREATEST(l.points - COALESCE(u.points, 0), 0)
                    ELSE LEAST(GREATEST(l.remaining, l.points), 0) END,
                l.remaining
            FROM loyalty_lot l
            LEFT JOIN (
                SELECT lot_id, SUM(points) AS points FROM loyalty_lot_use
                WHERE lot_id > %(low)s AND lot_id <= %(high)s GROUP BY lot_id
            ) u ON u.lot_id = l.id
            WHERE l.id > %(low)s AND l.id <= %(high)s
                AND (CASE WHEN l.points > 0
                    THEN l.remaining <> l.points - COALESCE(u.points, 0)
                        OR l.remaining < 0
                    ELSE l.remaining NOT BETWEEN l.points AND 0 END)
            """,
            low=low,
            high=high,
        )
