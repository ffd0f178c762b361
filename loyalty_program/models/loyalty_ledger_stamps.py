from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..engine.earning import cap
from ..engine.shares import to_text
from ..engine.values import ZERO, Earned


class LoyaltyLedger(models.AbstractModel):
    """A full stamp card takes no more stamps, where the programme drops the surplus.

    Like the limit of a member: two purchases at once take turns, so that not both of
    them fill the same field.
    """

    _inherit = "loyalty.ledger"

    @api.model
    def _cap_postings(self, postings):
        wanted = list(postings)
        postings = super()._cap_postings(postings)
        accounts = {
            number: account
            for number, posting in enumerate(wanted)
            if (account := self._get_stamp_account(posting))
        }
        return self._drop_surplus(wanted, postings, accounts) if accounts else postings

    def _get_stamp_account(self, posting):
        """Return the account of a purchase that may bring more than a card takes."""
        # A multiplier's bonus knows its rules, too; it comes after what it multiplies.
        bought = posting.entry_type in ("earn", "bonus")
        if not bought or "rules" not in posting.breakdown:
            return None
        card = self.env["loyalty.card"].browse(posting.card_id)
        program = card.program_id
        if program.stamp_surplus != "dropped" or not program._drops_surplus():
            return None
        return card._get_account()

    def _drop_surplus(self, wanted, postings, accounts):
        """Cut what purchases earn to what fits on the stamp cards of their accounts.

        A posting that was made before keeps the stamps it got then.

        :param wanted: the postings before any limit
        :param dict accounts: {number of the posting: account}
        """
        self.env["loyalty.card"].flush_model()
        ids = {account.id for account in accounts.values()}
        self.env.execute_query(self._query_take_turn(ids))
        held = defaultdict(lambda: ZERO)
        rows = self.env.execute_query(self._query_held(sorted(ids)))
        held.update((account_id, Decimal(points)) for account_id, points in rows)
        known = self._get_posted_by_key([wanted[number].key for number in accounts])
        for number, account in accounts.items():
            posting = postings[number]
            if posting.key in known:
                points = known[posting.key]
                if points[0] == wanted[number].points:
                    postings[number] = replace(posting, points=points[1])
                continue
            postings[number] = self._drop_posting(
                posting, account, held[account.id], self._get_spent(posting, wanted)
            )
            held[account.id] += postings[number].points
        return postings

    def _get_spent(self, posting, postings):
        """Return what the document of a posting spends, out of the same call."""
        return -sum(
            (
                other.points
                for other in postings
                if other.entry_type == "redeem"
                and other.card_id == posting.card_id
                and other.origin == posting.origin
            ),
            ZERO,
        )

    def _drop_posting(self, posting, account, held, spent):
        """Return the posting without the stamps that do not fit."""
        program = account.program_id
        room = program._get_stamp_room(held, spent)
        earned = Earned(posting.points, posting.base_amount, posting.breakdown)
        facts = {"per": "card", "needed": to_text(Decimal(program.stamps_needed))}
        earned = cap(earned, room, facts, program.points_scale)
        return replace(posting, points=earned.points, breakdown=earned.breakdown)

    def _query_held(self, account_ids):
        # SQL: one statement for balance and queue, as the database has them.
        return SQL(
            """
            SELECT c.id, (c.points + COALESCE(c.points_pending, 0)
                + COALESCE((SELECT SUM(e.points) FROM loyalty_ledger_queue q
                            JOIN loyalty_ledger_entry e ON e.id = q.entry_id
                            WHERE e.card_id = c.id), 0))::text
            FROM loyalty_card c WHERE c.id = ANY(%s)
            """,
            account_ids,
        )


class LoyaltyLedgerEntry(models.Model):
    _inherit = "loyalty.ledger.entry"

    def _explain_cap(self, trace):
        if trace["per"] != "card":
            return super()._explain_cap(trace)
        return self.env._(
            "The stamp card takes %(needed)s; %(limit)s still fitted on it.",
            needed=trace["needed"],
            limit=trace["limit"],
        )
