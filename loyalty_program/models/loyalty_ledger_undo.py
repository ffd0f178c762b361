from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine import proration
from ..engine.rounding import to_decimal
from ..engine.shares import to_text
from ..engine.values import REVERSAL_OF, ZERO, Posting
from .loyalty_ledger_target import Target

#: What an undo reads of entries.
UNDO_FACTS = (
    "base_amount",
    "breakdown",
    "card_id",
    "channel",
    "entry_type",
    "key",
    "member_card_id",
    "origin_id",
    "origin_model",
    "points",
    "program_id",
    "reverses_id",
    "tier_date",
)


class LoyaltyLedger(models.AbstractModel):
    """Undo: entries are brought to the part that shall be undone.

    Whoever undoes says how much of an entry shall be undone by now, not how much more:
    the service knows what was undone before and posts the difference. So asking twice
    posts once, and parts sum to the whole. When less shall be undone than was (a
    credit note is withdrawn), the reversals are reversed, the last first.
    """

    _inherit = "loyalty.ledger"

    @api.model
    def _reverse_documents(
        self, documents, notify=False, refuse_debt=False, settled=None
    ):
        """Undo all that the documents posted, for good.

        Each entry gets its closing reversal, be there anything left to undo or not:
        what the document posts from now on stands on its own.

        :param documents: records of one model, any number
        :param bool refuse_debt: whether the programme's debt policy may refuse
        :param dict settled: {document id: ids of other documents that are settled by
            this and mean nothing to what the document posts later}
        :return: the new entries
        :raise UserError: the programme refuses debts and points are missing
        """
        settled = settled or {}
        undone = self._get_open(documents)
        self._fetch_cards_of(undone)
        postings = [
            self._prepare_reversal(
                entry,
                to_decimal(entry.points) - points,
                to_decimal(entry.base_amount) - base,
                number=len(family),
                breakdown={
                    "cause": "cancel",
                    "settled": settled.get(entry.origin_id, []),
                },
            )
            for entry, (points, base, family) in undone.items()
        ]
        return self._post_undo(postings, notify=notify, refuse_debt=refuse_debt)

    @api.model
    def _reverse_document(self, document):
        """Post the reversals of one document, see :meth:`_reverse_documents`."""
        document.ensure_one()
        return self._reverse_documents(document)

    @api.model
    def _get_open_entries(self, documents):
        """Return what the documents posted themselves and no cancellation closed."""
        return self.env["loyalty.ledger.entry"].union(*self._get_open(documents))

    def _get_open(self, documents):
        """Return what was undone of the open entries, see :meth:`_get_undone`."""
        own = SQL(
            "origin_model = %s AND origin_id = ANY(%s) AND reverses_id IS NULL",
            documents._name,
            documents.ids,
        )
        return {
            entry: facts
            for entry, facts in self._read_families(own).items()
            if not _is_closing(entry)
            and not any(_is_closing(e) for e in facts[2] if e.reverses_id == entry)
        }

    @api.model
    def _get_settled(self, document):
        """Return the ids of what earlier cancellations of the document settled."""
        closings = (
            self.env["loyalty.ledger.entry"]
            .search(
                [
                    ("origin_model", "=", document._name),
                    ("origin_id", "=", document.id),
                    ("reverses_id", "!=", False),
                ]
            )
            .filtered(_is_closing)
        )
        return frozenset(
            number for entry in closings for number in entry.breakdown["settled"]
        )

    @api.model
    def _bring_undone(self, targets, refuse_debt=False, **values):
        """Post what brings each entry to the part that shall be undone.

        :param dict targets: {entry: Target}
        :param values: fields of the postings: origin, channel, occurred_at
        :return: the new entries
        :raise UserError: the programme refuses debts and points are missing
        """
        entries = self.env["loyalty.ledger.entry"].union(*targets)
        self._fetch_cards_of(entries)
        undone = self._get_undone(entries)
        postings = []
        for entry, target in targets.items():
            points, base, family = undone[entry]
            postings += self._prepare_difference(
                entry,
                family,
                Target(target.points - points, target.base - base, target.breakdown),
                **values,
            )
        return self._post_undo(postings, refuse_debt=refuse_debt)

    def _fetch_cards_of(self, entries):
        """Read what a posting needs of the members and accounts of entries."""
        cards = self.env["loyalty.card"].browse()
        self._fetch_facts(cards.union(*(e.card_id | e.member_card_id for e in entries)))

    def _get_undone(self, entries):
        """Return {entry: (points undone, base undone, all that was posted for it)}.

        Read without a lock: whoever posts meanwhile changes the account, and what
        follows from an older view of it fails at its lock and is done again.
        """
        if not entries:
            return {}
        return self._read_families(SQL("id = ANY(%s)", entries.ids))

    def _read_families(self, own):
        """Return the same of the entries that a condition names, in their order.

        :param SQL own: condition on the entries
        """
        rows = self.env.execute_query(self._query_families(own))
        entries = self.env["loyalty.ledger.entry"].browse(row[0] for row in rows)
        entries.fetch(UNDO_FACTS)
        undoing = entries.grouped("reverses_id")
        undone = {}
        for entry in entries.browse(entry_id for entry_id, is_own in rows if is_own):
            reversals = undoing.get(entry, entries.browse())
            again = (undoing.get(e, entries.browse()) for e in reversals)
            family = reversals.union(*again)
            undone[entry] = (
                -total(family, "points"),
                -total(family, "base_amount"),
                family,
            )
        return undone

    def _query_families(self, own):
        # SQL: entries, what undid them and what undid that, in one statement. Written
        # with arrays, so that no statistics lead the planner to read the whole ledger.
        return SQL(
            """
            WITH own AS MATERIALIZED (
                SELECT id FROM loyalty_ledger_entry WHERE %s
            ), undone AS MATERIALIZED (
                SELECT id FROM loyalty_ledger_entry
                WHERE reverses_id = ANY(ARRAY(SELECT id FROM own))
            )
            SELECT id, true FROM own
            UNION ALL
            SELECT id, false FROM undone
            UNION ALL
            SELECT id, false FROM loyalty_ledger_entry
            WHERE reverses_id = ANY(ARRAY(SELECT id FROM undone))
            ORDER BY id
            """,
            own,
        )

    def _prepare_difference(self, entry, family, missing, **values):
        """Return the postings that undo ``missing`` more of ``entry``, or less.

        :param family: what was posted for it, reversals and their reversals
        :param Target missing: signed as the entry: the other way, less is undone
        """
        if not missing.points and not missing.base:
            return []
        sign = -1 if entry.points < 0 or entry.base_amount < 0 else 1
        if (missing.points or missing.base) * sign > 0:
            return [
                self._prepare_reversal(
                    entry,
                    missing.points,
                    missing.base,
                    number=len(family),
                    breakdown={"cause": "return", **missing.breakdown},
                    **values,
                )
            ]
        reversals = family.filtered(lambda e: e.reverses_id == entry)
        rests = [
            -total(own, "points") * sign
            for reversal in reversals
            for own in [
                reversal | family.filtered(lambda e, r=reversal: e.reverses_id == r)
            ]
        ]
        parts = proration.spread_last_first(-missing.points * sign, rests)
        postings, base = [], -missing.base
        for reversal, part in reversed(list(zip(reversals, parts, strict=True))):
            if part or base:
                postings.append(
                    self._prepare_reversal(
                        reversal,
                        -part * sign,
                        -base,
                        number=len(family) + len(postings),
                        breakdown={"cause": "restore"},
                        **values,
                    )
                )
                base = ZERO
        return postings

    def _prepare_reversal(self, entry, points, base, number, **values):
        """Return the posting that undoes so much of ``entry``.

        :param points: in the entry's own sign; ``base`` likewise
        :param int number: how many were posted for it before
        """
        breakdown = {"reverses": entry.id, **values.pop("breakdown", {})}
        root = entry.reverses_id or entry
        by_sign = "earn_reversal" if entry.points > 0 else "redeem_reversal"
        kind = REVERSAL_OF.get(root.entry_type, by_sign)
        return Posting(
            card_id=entry.member_card_id._get_successor().id,
            account_id=entry.card_id._get_successor().id,
            entry_type=kind,
            points=-points,
            key=f"undo:{root.id}:{number}",
            base_amount=-base,
            reverses_id=entry.id,
            counts_for_tier=bool(entry.tier_date),
            breakdown=breakdown,
            **{
                "channel": entry.channel,
                "origin": (entry.origin_model, entry.origin_id)
                if entry.origin_model
                else None,
                **values,
            },
        )

    def _post_undo(self, postings, notify=False, refuse_debt=False):
        """Post reversals; what a programme does not allow is refused.

        :raise UserError: the programme refuses debts and points are missing
        """
        # What comes back is there before anything is taken.
        postings = sorted(postings, key=lambda posting: posting.points < 0)
        with self._watch_debts() as seen:
            entries = self._post(postings, notify=notify)
        for debt in self._list_debts(seen) if refuse_debt else ():
            if debt.account.program_id.debt_policy == "refuse":
                raise UserError(self._explain_debt(debt.member, debt.total))
        return entries

    def _explain_debt(self, card, missing):
        """Return why goods cannot come back: so many points were spent already."""
        return self.env._(
            "%(member)s has spent points that this would take back: "
            "%(missing)s points are missing. “%(program)s” allows no debt.",
            member=card.partner_id.display_name or card.code,
            missing=to_text(missing),
            program=card.program_id.name,
        )


def _is_closing(reversal):
    """Tell whether an entry belongs to a cancellation, which nothing undoes."""
    return (reversal.breakdown or {}).get("cause") == "cancel"


def total(entries, name):
    return sum((to_decimal(entry[name]) for entry in entries), ZERO)
