from dataclasses import replace

from odoo import models

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

    def _get_parts(self, card, domain=()):
        """Return (lot, points) of all that is left on a card, debts included."""
        # SQL: lots are touched by SQL only; what the cache holds may be old.
        lots = self.env["loyalty.lot"].search(
            [("card_id", "=", card.id), ("remaining", "!=", 0), *domain], order="id"
        )
        lots.invalidate_recordset(["remaining", "state"])
        return [(lot, to_decimal(lot.remaining)) for lot in lots]
