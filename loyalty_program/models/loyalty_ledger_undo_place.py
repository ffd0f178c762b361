from collections import defaultdict
from dataclasses import replace

from odoo import models
from odoo.tools import SQL

from ..engine.places import Place, spread
from ..engine.rounding import to_decimal
from ..engine.values import ZERO
from .loyalty_ledger_move import MOVERS


class LoyaltyLedger(models.AbstractModel):
    """What is undone is taken back where the points went: into a pool or out of one.

    The very points are taken first, pending or not. What was spent is owed by the
    balance that it was spent from.
    """

    _inherit = "loyalty.ledger"

    def _post_undo(self, postings, notify=False, refuse_debt=False):
        followed = self._follow_moves(postings)
        return super()._post_undo(followed, notify=notify, refuse_debt=refuse_debt)

    def _follow_moves(self, postings):
        """Return the postings, those whose points moved at the accounts of today."""
        ids = [p.reverses_id for p in postings if p.points < 0 and p.reverses_id]
        moved = self._read_places(ids) if ids else {}
        if not moved:
            return postings
        undone = self._read_undone_by_card(list(moved))
        followed = []
        for posting in postings:
            rows = moved.get(posting.reverses_id) if posting.points < 0 else None
            if rows:
                gone = undone[posting.reverses_id]
                followed += self._follow_posting(posting, rows, gone)
            else:
                followed.append(posting)
        return followed

    def _read_places(self, entry_ids):
        """Return {entry: rows of :meth:`_query_places`} where its points moved."""
        places = defaultdict(list)
        for entry_id, *place in self.env.execute_query(self._query_places(entry_ids)):
            places[entry_id].append(place)
        return {
            entry_id: rows
            for entry_id, rows in places.items()
            if any(by_whom for *_facts, by_whom in rows)
        }

    def _read_undone_by_card(self, entry_ids):
        """Return {entry: [(card id, points undone there)]}."""
        undone = defaultdict(list)
        for entry_id, card_id, points in self.env.execute_query(
            self._query_undone_by_card(entry_ids)
        ):
            undone[entry_id].append((card_id, to_decimal(points)))
        return undone

    def _follow_posting(self, posting, rows, gone):
        """Return the postings that take the points of ``posting`` where they are.

        :param rows: of :meth:`_query_places`
        :param gone: [(card id, points undone there)]
        """
        home = self._get_current_account(posting.account_id)
        places = []
        for lot_id, card_id, stayed, remaining, moved_by in rows:
            account = self._get_current_account(card_id)
            # Contacts that were merged by mistake owe each other nothing.
            if moved_by == "loyalty.merge" and account != home:
                account, lot_id, remaining = home, None, ZERO
            stayed, remaining = to_decimal(stayed), to_decimal(remaining)
            places.append(Place(account, lot_id, stayed, remaining))
        undone = defaultdict(lambda: ZERO)
        for card_id, points in gone:
            undone[self._get_current_account(card_id)] += points
        parts = spread(-posting.points, places, undone, home)
        return [
            replace(
                posting,
                account_id=account,
                lot_id=lot_id,
                points=-points,
                base_amount=posting.base_amount if not number else ZERO,
                key=f"{posting.key}:{number}" if number else posting.key,
            )
            for number, (account, lot_id, points) in enumerate(parts)
        ]

    def _get_current_account(self, card_id):
        """Return the id of the account that holds what this card held once."""
        card = self.env["loyalty.card"].browse(card_id)
        return card._get_successor()._get_account().id

    def _query_places(self, entry_ids):
        # SQL: from lot to lot, by the pairs of entries that moved points. What a lot
        # did not pass on stayed there, be it spent or not.
        return SQL(
            """
            WITH RECURSIVE place AS (
                SELECT l.entry_id AS root_id, l.id, l.card_id, l.points, l.remaining,
                    NULL::varchar AS moved_by
                FROM loyalty_lot l WHERE l.entry_id = ANY(%(entries)s) AND l.points > 0
                UNION ALL
                SELECT p.root_id, n.id, n.card_id, n.points, n.remaining,
                    o.origin_model
                FROM place p
                JOIN loyalty_lot_use u ON u.lot_id = p.id
                JOIN loyalty_ledger_entry o ON o.id = u.entry_id AND %(moves)s
                JOIN loyalty_ledger_entry i ON i.key = left(o.key, -3) || 'in'
                JOIN loyalty_lot n ON n.entry_id = i.id AND n.points > 0
            )
            SELECT p.root_id, p.id, p.card_id,
                (p.points - COALESCE(m.points, 0))::text AS stayed, p.remaining::text,
                p.moved_by
            FROM place p
            LEFT JOIN LATERAL (
                SELECT SUM(u.points) AS points FROM loyalty_lot_use u
                JOIN loyalty_ledger_entry o ON o.id = u.entry_id AND %(moves)s
                WHERE u.lot_id = p.id
            ) m ON true
            ORDER BY p.root_id, p.id
            """,
            entries=list(entry_ids),
            moves=SQL(
                """(o.entry_type = 'transfer' AND o.origin_model = ANY(%s)
                    AND right(o.key, 4) = ':out')""",
                list(MOVERS),
            ),
        )

    def _query_undone_by_card(self, entry_ids):
        # SQL: reversals, less what of them was reversed again.
        return SQL(
            """
            WITH undoing AS (
                SELECT reverses_id AS root_id, id, card_id, points
                FROM loyalty_ledger_entry WHERE reverses_id = ANY(%s)
            )
            SELECT root_id, card_id, (-SUM(points))::text FROM (
                SELECT root_id, card_id, points FROM undoing
                UNION ALL
                SELECT u.root_id, e.card_id, e.points FROM undoing u
                JOIN loyalty_ledger_entry e ON e.reverses_id = u.id
            ) both_ways GROUP BY root_id, card_id
            """,
            list(entry_ids),
        )
