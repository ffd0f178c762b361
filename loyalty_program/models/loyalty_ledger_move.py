from dataclasses import replace

from odoo import models

from ..engine.rounding import to_decimal
from ..engine.values import Posting

#: What moves all that a card holds; a gift from member to member is another thing.
MOVERS = ("loyalty.merge", "loyalty.pool", "loyalty.pool.member")


class LoyaltyLedger(models.AbstractModel):
    """Points that move from card to card as they are, pending or soon to expire."""

    _inherit = "loyalty.ledger"

    def _move_points(self, parts, target, document, verb="move", *, keeps_member=False):
        """Move parts of lots to another card, each by a pair of entries.

        :param list parts: (lot, points); the negative points of a debt move as well
        :param target: the card that gets them
        :param document: the record that moves them
        :param str verb: what it does; it does that to a lot once
        :param bool keeps_member: whether they stay the points of whoever earned them,
            on another account
        :return: the entries
        """
        postings = []
        for lot, points in parts:
            key = f"{document._name}:{document.id}:{verb}:{lot.id}"
            values = {"origin": (document._name, document.id)}
            for side, card, amount in (
                ("out", lot.card_id, -points),
                ("in", target, points),
            ):
                member = card
                if keeps_member:
                    member = lot.entry_id.member_card_id
                    values["account_id"] = card.id
                posting = self._prepare_move(lot, member, amount, f"{key}:{side}")
                postings.append(replace(posting, **values))
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


class LoyaltyLedgerEntry(models.Model):
    _inherit = "loyalty.ledger.entry"

    def _get_moved_lot_id(self):
        """Return the id of the lot whose points moved by this entry, or None.

        Its key tells: the two entries of a pair have all but the side in common.
        """
        if self.entry_type != "transfer" or self.origin_model not in MOVERS:
            return None
        *_event, lot_id, _side = self.key.split(":")
        return int(lot_id) if lot_id.isdigit() else None

    def _get_brought_lot_id(self):
        """Return the id of the lot on the card before, where points came, or None."""
        return self._get_moved_lot_id() if self.key.endswith(":in") else None
