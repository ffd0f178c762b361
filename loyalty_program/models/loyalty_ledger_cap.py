import json
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.values import ZERO, Earned


class LoyaltyLedger(models.AbstractModel):
    """The limit of points that a member's purchases earn in a period.

    Two purchases at once cannot both see room below the limit: each of them raises a
    number on the member's card first, so that the later one is tried again after the
    earlier one and sees what it took.
    """

    _inherit = "loyalty.ledger"

    @api.model
    def _post(self, postings, allow_debt=True, notify=True):
        capped = [
            posting
            for posting in self._cap_postings(list(postings))
            # A withdrawn return for which the limit leaves no room is no entry.
            if posting.points or posting.base_amount or not _is_restored(posting)
        ]
        return super()._post(capped, allow_debt=allow_debt, notify=notify)

    def _cap_postings(self, postings):
        """Cut what purchases earn to what the limits of their members leave.

        A posting that was made before keeps the points it got then.
        """
        slots = {
            number: slot
            for number, posting in enumerate(postings)
            if (slot := self._get_cap_slot(posting))
        }
        if not slots:
            return postings
        self.env["loyalty.card"].flush_model()
        keys = [postings[number].key for number in slots]
        self.env.execute_query(self._query_take_turn({s[0] for s in slots.values()}))
        used = self._get_cap_used(set(slots.values()), keys)
        known = self._get_posted_by_key(keys)
        for number, slot in slots.items():
            posting = postings[number]
            if posting.key in known:
                wanted, points = known[posting.key]
                if wanted == posting.points:
                    postings[number] = replace(posting, points=points)
            else:
                postings[number] = self._cap_posting(posting, used[slot])
            used[slot] += postings[number].points
        return postings

    def _get_cap_slot(self, posting):
        """Return (card id, first day, last day) of the limit, or None without one."""
        # A multiplier's bonus knows its rules, too; it comes after what it multiplies.
        bought = posting.entry_type in ("earn", "bonus")
        bought = bought and "rules" in posting.breakdown
        if not (bought or (_is_restored(posting) and posting.points > 0)):
            return None
        card = self.env["loyalty.card"].browse(posting.card_id)
        program = card.program_id
        if program.ledger_policy != "strict" or not program.member_cap:
            return None
        moment = posting.occurred_at
        if not bought:
            # It belongs to the period of the purchase that is there again.
            undone = self.env["loyalty.ledger.entry"].browse(posting.reverses_id)
            moment = undone.reverses_id.occurred_at
        first, last = program._get_cap_period(moment)
        return card.id, first, last

    def _cap_posting(self, posting, used):
        program = self.env["loyalty.card"].browse(posting.card_id).program_id
        earned = Earned(posting.points, posting.base_amount, posting.breakdown)
        earned = program._cap_for_member(earned, used)
        return replace(posting, points=earned.points, breakdown=earned.breakdown)

    def _get_cap_used(self, slots, but_keys=()):
        """Return {slot: points that purchases of the period have earned}.

        :param slots: iterable of (card id, first day, last day)
        :param but_keys: entries that do not count
        """
        slots = list(slots)
        used = defaultdict(lambda: ZERO)
        if slots:
            rows = self.env.execute_query(self._query_cap_used(slots, but_keys))
            used.update((slots[number], Decimal(points)) for number, points in rows)
        return used

    def _get_posted_by_key(self, keys):
        """Return {key: (points before the limit, points)} of known entries."""
        rows = self.env.execute_query(
            SQL(
                """SELECT key, points::text, breakdown FROM loyalty_ledger_entry
                   WHERE key = ANY(%s)""",
                keys,
            )
        )
        known = {}
        for key, points, breakdown in rows:
            points = Decimal(points)
            own = [c for c in (breakdown or {}).get("caps", []) if c["per"] != "order"]
            known[key] = (Decimal(own[0]["before"]) if own else points, points)
        return known

    def _query_take_turn(self, card_ids):
        # SQL: the number means nothing; that it changes makes the transactions queue.
        return SQL(
            """
            UPDATE loyalty_card SET cap_turn = COALESCE(cap_turn, 0) + 1
            WHERE id IN (SELECT id FROM loyalty_card WHERE id = ANY(%s)
                         ORDER BY id FOR NO KEY UPDATE)
            RETURNING id
            """,
            sorted(card_ids),
        )

    def _query_cap_used(self, slots, but_keys):
        # SQL: a reversal has the tier date of what it takes back, so that it makes
        # room in the period of the purchase. A multiplier's bonus has none, and
        # belongs to the earning whose key it has. What a merged card earned counts.
        wanted = [
            {
                "number": number,
                "card_id": card_id,
                "first": fields.Date.to_string(first),
                "last": fields.Date.to_string(last),
            }
            for number, (card_id, first, last) in enumerate(slots)
        ]
        return SQL(
            """
            WITH earned AS (
                SELECT w.number, e.id, e.key, e.points, e.reverses_id
                FROM jsonb_to_recordset(%s::jsonb)
                    AS w(number int, card_id int, first date, last date)
                JOIN loyalty_card c ON c.id = w.card_id
                CROSS JOIN LATERAL (%s) k
                JOIN loyalty_ledger_entry e ON e.member_card_id = k.id
                    AND e.tier_date BETWEEN w.first AND w.last
                LEFT JOIN loyalty_ledger_entry o ON o.id = e.reverses_id
                LEFT JOIN loyalty_ledger_entry r ON r.id = o.reverses_id
                WHERE COALESCE(r.entry_type, o.entry_type, e.entry_type) = 'earn'
            ), bonus AS (
                SELECT number, b.id, b.key, b.points FROM earned
                JOIN loyalty_ledger_entry b ON b.key = earned.key || ':bonus'
                WHERE earned.reverses_id IS NULL
            ), undone AS (
                SELECT number, r.id, r.points FROM bonus
                JOIN loyalty_ledger_entry r ON r.reverses_id = bonus.id
            ), counted AS (
                SELECT number, key, points FROM earned
                UNION ALL SELECT number, key, points FROM bonus
                UNION ALL SELECT number, '', points FROM undone
                UNION ALL SELECT number, '', again.points FROM undone
                    JOIN loyalty_ledger_entry again ON again.reverses_id = undone.id
            )
            SELECT number, SUM(points)::text FROM counted
            WHERE key <> ALL(%s) GROUP BY number
            """,
            json.dumps(wanted),
            self.env["loyalty.card"]._sql_cards_of(SQL("c")),
            list(but_keys),
        )


def _is_restored(posting):
    """Tell whether a posting gives again what a return had taken back."""
    return (
        posting.entry_type == "earn_reversal"
        and posting.breakdown.get("cause") == "restore"
    )
