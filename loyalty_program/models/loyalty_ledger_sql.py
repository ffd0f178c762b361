import json

from odoo import models
from odoo.tools import SQL

from .loyalty_ledger import CARD_FACTS

#: What a posting reads of its cards.
CARD_COLUMNS = SQL(", ").join(map(SQL.identifier, ("id", *CARD_FACTS)))


class LoyaltyLedger(models.AbstractModel):
    """The statements of the ledger service: one set-based step each.

    What every posting needs is a function of the database, see ``sql/``: it is one
    round trip and planned once.
    """

    _inherit = "loyalty.ledger"

    def _query_post(self, rows, accounts, may_queue, asked):
        return SQL(
            "SELECT loyalty_ledger_post(%s, %s, %s, %s::int[], %s::date[],"
            " %s::date)",
            json.dumps(rows),
            accounts,
            may_queue,
            *asked,
        )

    def _query_cards(self, card_ids):
        # SQL: the same few columns with every posting; the ORM would put the statement
        # together each time, which takes longer than running it.
        return SQL(
            "SELECT %s FROM loyalty_card WHERE id = ANY(%s)", CARD_COLUMNS, card_ids
        )

    def _query_insert(self, rows):
        return SQL("SELECT loyalty_ledger_insert(%s, '{}')", json.dumps(rows))

    def _query_lock(self, account_ids):
        return SQL("SELECT loyalty_ledger_lock(%s)", account_ids)

    def _query_settle(self, account_ids):
        return SQL("SELECT loyalty_ledger_settle(%s)", account_ids)

    def _query_refresh(self, account_ids):
        return SQL("SELECT loyalty_ledger_refresh(%s)", account_ids)

    def _query_return_lots(self, entry_ids):
        # SQL: what was spent comes back, the whole or a part: first what is still
        # owed for it, then the points with the expiry they had, the longest first.
        # What earlier returns gave back is not given again. Points that are taken back
        # from a customer by a reversal, and given again by its reversal, are pending
        # as long as the lot that they came from.
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
                SELECT u.entry_id AS spent_id, l.expires_on, l.state, u.points
                FROM loyalty_lot_use u JOIN loyalty_lot l ON l.id = u.lot_id
                WHERE u.entry_id IN (SELECT reverses_id FROM back)
                UNION ALL
                SELECT e.reverses_id, l.expires_on, l.state, -l.points
                FROM loyalty_ledger_entry e JOIN loyalty_lot l ON l.entry_id = e.id
                WHERE e.reverses_id IN (SELECT reverses_id FROM back) AND l.points > 0
            ), spent AS (
                SELECT entry_id AS spent_id, id AS debit_id, NULL::date AS expires_on,
                    NULL AS state, -remaining AS points
                FROM loyalty_lot
                WHERE entry_id IN (SELECT reverses_id FROM back) AND remaining < 0
                UNION ALL
                SELECT spent_id, NULL, expires_on, state, SUM(points)
                FROM moved GROUP BY spent_id, expires_on, state HAVING SUM(points) > 0
            ), laid AS (
                SELECT spent_id, debit_id, expires_on, state,
                    SUM(points) OVER w - points AS low, SUM(points) OVER w AS high
                FROM spent
                WINDOW w AS (PARTITION BY spent_id
                    ORDER BY debit_id NULLS LAST, expires_on DESC NULLS FIRST, state)
            ), part AS (
                SELECT b.entry_id, s.debit_id, s.expires_on, s.state,
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
            SELECT b.entry_id, b.card_id, b.program_id, p.points, p.points, p.state,
                b.available_on, p.expires_on
            FROM part p JOIN back b USING (entry_id)
            WHERE p.debit_id IS NULL
            RETURNING id
            """,
            ids=entry_ids,
        )

    def _query_pair_reversals(self, entry_ids):
        # SQL: an undone earning takes its own lots first, pending or not, those that it
        # got back included; several undone parts of one earning are laid end to end.
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
            ), family AS (
                SELECT reverses_id AS root_id, reverses_id AS entry_id FROM demand
                UNION
                SELECT d.reverses_id, again.id
                FROM demand d
                JOIN loyalty_ledger_entry undone ON undone.reverses_id = d.reverses_id
                JOIN loyalty_ledger_entry again ON again.reverses_id = undone.id
            ), supply AS (
                SELECT l.id, f.root_id, SUM(l.remaining) OVER w - l.remaining AS low,
                    SUM(l.remaining) OVER w AS high
                FROM family f JOIN loyalty_lot l USING (entry_id)
                WHERE l.remaining > 0
                WINDOW w AS (PARTITION BY f.root_id ORDER BY l.id)
            ), pair AS (
                SELECT s.id AS lot_id, d.id AS debit_id, d.entry_id,
                    LEAST(s.high, d.high) - GREATEST(s.low, d.low) AS taken
                FROM supply s JOIN demand d ON d.reverses_id = s.root_id
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
