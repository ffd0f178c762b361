from decimal import Decimal

from odoo import fields, models

from ..engine.rounding import to_decimal
from ..engine.splitting import share_to_return

ZERO = Decimal(0)


class LoyaltyMerge(models.Model):
    """What of the common points is the merged card's.

    Whatever is spent of the pot is borne by all who brought of it, pro rata. Each
    merge into the same card makes a new pot: what the earlier ones may claim of it is
    counted at that moment, so that they can be split in any order.
    """

    _inherit = "loyalty.merge"

    claim = fields.Float(
        string="Share of the points together",
        help="So many of the points together go back by a split, if none are spent.",
        digits=0,
        readonly=True,
    )
    pot = fields.Float(
        string="Points together",
        help="What the cards had together when the share was counted, spendable.",
        digits=0,
        readonly=True,
    )
    last_lot_id = fields.Many2one(
        comodel_name="loyalty.lot",
        help="Later lots belong to the card that stayed.",
        readonly=True,
        ondelete="restrict",
    )
    last_entry_id = fields.Many2one(
        comodel_name="loyalty.ledger.entry",
        help="Later entries changed the points together.",
        readonly=True,
        ondelete="restrict",
    )
    counted_at = fields.Datetime(
        string="Share counted on",
        help="By the latest merge into the same card.",
        readonly=True,
    )

    def _merge_card(self, card, kept):
        self.env["loyalty.ledger"]._lock_cards({card.id, kept.id})
        earlier = self.search(
            [("target_card_id", "=", kept.id), ("split_at", "=", False)]
        )
        shares = {merge: merge._count_claim() for merge in earlier}
        merge = super()._merge_card(card, kept)
        shares[merge] = to_decimal(merge.points)
        pot = self._prepare_pot(kept)
        for each, share in shares.items():
            each.write({"claim": float(share), **pot})
        return merge

    def _count_claim(self):
        """Return what of the points that both have now is the merged card's."""
        share, _pot, held = self._count_share()
        return share + self._sum_spendable(held)

    def _prepare_pot(self, kept):
        """Return the facts of what both have together now."""
        account = kept._get_account()
        domain = [("card_id", "=", account.id)]
        lots, entries = self.env["loyalty.lot"], self.env["loyalty.ledger.entry"]
        parts = self.env["loyalty.ledger"]._get_parts(account)
        return {
            "pot": float(self._sum_spendable(parts)),
            "last_lot_id": lots.search(domain, order="id desc", limit=1).id,
            "last_entry_id": entries.search(domain, order="id desc", limit=1).id,
            "counted_at": fields.Datetime.now(),
        }

    def _sum_spendable(self, parts):
        """Return the sum of the (lot, points) that are spendable, or are tonight."""
        return sum(
            (
                points
                for lot, points in parts
                if lot.available_on <= lot.program_id._get_local_date()
            ),
            ZERO,
        )

    def _count_share(self):
        """Return what a split would give back now.

        :return: the points, a Decimal; the (lot, points) left of the pot, those that
            the merged card brought first; the (lot, points) that it brought and that
            were pending then: they are its own, released since or not
        """
        self.ensure_one()
        program = self.program_id
        day = program._get_local_date(self.counted_at or self.merged_at)
        account = self.target_card_id._get_account()
        parts = self.env["loyalty.ledger"]._get_parts(account)
        origins = self._find_origins([lot for lot, _points in parts])
        own = self._get_own_entries()
        pot, held = [], []
        for lot, points in parts:
            origin = origins.get(lot)
            is_own = bool(origin) and origin.entry_id in own
            if origin and origin.available_on <= day:
                pot.append((not is_own, lot.id, lot, points))
            elif is_own:
                held.append((lot, points))
        left = sum((part[3] for part in pot), self._count_returned(day))
        scale = program.points_scale if program.ledger_policy == "strict" else 6
        # Merges of before the share was counted have what they moved.
        claim = self.claim if self.counted_at else self.points
        share = share_to_return(to_decimal(claim), to_decimal(self.pot), left, scale)
        return share, [part[2:] for part in sorted(pot, key=lambda p: p[:2])], held

    def _get_own_entries(self):
        """Return the entries by which the merge brought points."""
        return self.env["loyalty.ledger.entry"].search(
            [
                ("origin_model", "=", self._name),
                ("origin_id", "=", self.id),
                ("points", ">", 0),
            ]
        )

    def _count_returned(self, day):
        """Return the points that splits of other merges took out of this pot."""
        siblings = self.search(
            [("target_card_id", "=", self.target_card_id.id), ("split_at", "!=", False)]
        )
        last = self.last_entry_id or self.last_lot_id.entry_id
        entries = self.env["loyalty.ledger.entry"].search(
            [
                ("origin_model", "=", self._name),
                ("origin_id", "in", siblings.ids),
                ("points", "<", 0),
                ("id", ">", last.id or 0),
            ]
        )
        lots = self.env["loyalty.lot"]
        taken = {
            entry: lots.browse(lot_id)
            for entry in entries
            if (lot_id := entry._get_moved_lot_id())
        }
        origins = self._find_origins(taken.values())
        return sum(
            (
                -to_decimal(entry.points)
                for entry, lot in taken.items()
                if lot in origins and origins[lot].available_on <= day
            ),
            ZERO,
        )

    def _find_origins(self, lots):
        """Return {lot: the lot of the pot that it came from}.

        Points that moved on, into a pool or by another merge and back again, are still
        those of the pot.
        """
        mark = self.last_lot_id
        origins, trail = {}, {lot: lot for lot in lots}
        while trail:
            parents = {}
            for lot, ancestor in trail.items():
                if ancestor.card_id == mark.card_id and ancestor.id <= mark.id:
                    origins[lot] = ancestor
                elif parent_id := ancestor.entry_id._get_brought_lot_id():
                    parents[lot] = parent_id
            # All at once: they are read together.
            found = mark.browse({*parents.values()})
            by_id = {lot.id: lot for lot in found}
            trail = {lot: by_id[parent_id] for lot, parent_id in parents.items()}
        return origins
