from contextlib import contextmanager
from decimal import Decimal
from typing import NamedTuple

from odoo import models
from odoo.models import BaseModel

from ..engine.rounding import to_decimal
from ..engine.shares import to_text
from ..engine.values import ZERO

#: Who listens to what is posted, a list of {account id: Seen} on the cursor.
_WATCHERS = "loyalty_program.debt_watchers"


class Seen(NamedTuple):
    """The balance of one account before and after all that was posted meanwhile."""

    member_id: int
    before: Decimal
    after: Decimal


class Debt(NamedTuple):
    """What an account owes that it did not owe before.

    :param account: the card whose balance it is: a member's own, or a pool's
    :param member: the card whose points were taken back
    :param points: owed more than before
    :param total: owed all in all
    """

    account: BaseModel
    member: BaseModel
    points: Decimal
    total: Decimal


class LoyaltyLedger(models.AbstractModel):
    """Where a debt lands, which may be another balance than the member's of now.

    Points are taken back where they went, see ``loyalty_ledger_undo_place``: from a
    pool that the member has left, from a member who took them out of one. The postings
    themselves say it best.
    """

    _inherit = "loyalty.ledger"

    @contextmanager
    def _watch_debts(self):
        """Yield what :meth:`_list_debts` reads: the balances that the block moves."""
        watchers = self.env.cr.cache.setdefault(_WATCHERS, [])
        seen = {}
        watchers.append(seen)
        try:
            yield seen
        finally:
            # By identity: two that have seen nothing are equal.
            watchers[:] = [other for other in watchers if other is not seen]

    def _react(self, result, rows, allow_debt, notify):
        if watchers := self.env.cr.cache.get(_WATCHERS):
            members = _find_members(rows)
            for account_id, before, after, *_more in result["cards"]:
                for seen in watchers:
                    first = seen.get(account_id)
                    seen[account_id] = Seen(
                        first.member_id if first else members[account_id],
                        first.before if first else to_decimal(before or 0),
                        to_decimal(after or 0),
                    )
        return super()._react(result, rows, allow_debt, notify)

    def _list_debts(self, seen):
        """Return the debts that are new, or larger than they were.

        :param dict seen: of :meth:`_watch_debts`
        :rtype: list[Debt]
        """
        cards = self.env["loyalty.card"]
        return [
            Debt(
                cards.browse(account_id),
                cards.browse(own.member_id),
                _owed(own.after) - _owed(own.before),
                _owed(own.after),
            )
            for account_id, own in sorted(seen.items())
            if _owed(own.after) > _owed(own.before)
        ]

    def _tell_debts(self, debts, document, order):
        """Write on a document what is owed, where the programme wants no debts.

        :param list debts: see :meth:`_list_debts`
        :param order: whose points were spent
        """
        for debt in debts:
            if debt.account.program_id.debt_policy == "allow":
                continue
            document.message_post(
                body=self.env._(
                    "%(member)s had spent points of %(order)s: %(points)s points are "
                    "owed now.",
                    member=debt.member.partner_id.display_name,
                    order=order.name,
                    points=to_text(debt.total),
                )
            )


def _find_members(rows):
    """Return {account id: the member whose points are taken, or who is named first}."""
    members = {}
    for row in sorted(rows, key=lambda row: Decimal(row["points"]) >= 0):
        members.setdefault(row["card_id"], row["member_card_id"])
    return members


def _owed(points):
    return max(-points, ZERO)
