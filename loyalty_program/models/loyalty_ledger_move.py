import json
from dataclasses import replace
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..engine.rounding import to_decimal
from ..engine.values import Posting


class LoyaltyLedger(models.AbstractModel):
    """Points that move from card to card as they are, pending or soon to expire."""

    _inherit = "loyalty.ledger"

    def _move_points(self, parts, target, document, verb="move"):
        """Move parts of lots to another card, each by a pair of entries.

        :param list parts: (lot, points); the negative points of a debt move as well
        :param target: the card that gets them
        :param document: the record that moves them
        :param str verb: what it does; it does that to a lot once
        :return: the entries
        """
        postings = []
        for lot, points in parts:
            key = f"{document._name}:{document.id}:{verb}:{lot.id}"
            for side, card, amount in (
                ("out", lot.card_id, -points),
                ("in", target, points),
            ):
                posting = self._prepare_move(lot, card, amount, f"{key}:{side}")
                postings.append(replace(posting, origin=(document._name, document.id)))
        return self._post(postings, notify=False)

    def _prepare_move(self, lot, card, points, key):
        held = lot.state == "pending"
        today = lot.program_id._get_local_date()
        # A debt is no lot that could be taken or that would expire.
        is_debt = lot.remaining < 0
        return Posting(
            card_id=card.id,
            entry_type="transfer",
            points=points,
            key=key,
            hold_days=max((lot.available_on - today).days, 0) if held else 0,
            expires_on=lot.expires_on or None,
            lot_id=None if is_debt else lot.id,
        )

    def _match_lots(self, entries, rows):
        if any(row["lot_id"] and Decimal(row["points"]) < 0 for row in rows):
            taken = {row["key"]: row["lot_id"] for row in rows if row["lot_id"]}
            self.env.execute_query(self._query_take_lots(entries.ids, taken))
        return super()._match_lots(entries, rows)

    def _query_take_lots(self, entry_ids, taken):
        # SQL: a loss that names a lot takes these very points, pending or not; several
        # losses of one lot stand in line.
        return SQL(
            """
            WITH demand AS (
                SELECT d.id, d.entry_id, (k.value #>> '{}')::int AS lot_id,
                    SUM(-d.remaining) OVER w + d.remaining AS low,
                    SUM(-d.remaining) OVER w AS high
                FROM loyalty_ledger_entry e
                JOIN loyalty_lot d ON d.entry_id = e.id AND d.remaining < 0
                JOIN jsonb_each(%s::jsonb) k ON k.key = e.key
                WHERE e.id = ANY(%s)
                WINDOW w AS (PARTITION BY k.value ORDER BY d.id)
            ), pair AS (
                SELECT l.id AS lot_id, d.id AS debit_id, d.entry_id,
                    LEAST(l.remaining, d.high) - d.low AS taken
                FROM demand d JOIN loyalty_lot l ON l.id = d.lot_id
                WHERE l.remaining > d.low
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
            json.dumps(taken),
            entry_ids,
        )

    def _get_parts(self, card, domain=()):
        """Return (lot, points) of all that is left on a card, debts included."""
        # SQL: lots are touched by SQL only; what the cache holds may be old.
        lots = self.env["loyalty.lot"].search(
            [("card_id", "=", card.id), ("remaining", "!=", 0), *domain], order="id"
        )
        lots.invalidate_recordset(["remaining", "state"])
        return [(lot, to_decimal(lot.remaining)) for lot in lots]
