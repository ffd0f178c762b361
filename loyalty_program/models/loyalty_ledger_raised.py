from dataclasses import replace

from odoo import api, models

from ..engine.bonus import BONUS
from ..engine.earning import cap
from ..engine.shares import to_text
from ..engine.values import ZERO, Earned, Posting
from .loyalty_ledger_target import RAISED, get_wanted, is_raised, raised_targets
from .loyalty_ledger_undo import total


class LoyaltyLedger(models.AbstractModel):
    """What documents earn because more of their price is to be paid than before.

    No entry ever holds more than was posted. A discount or a price reduction that is
    withdrawn, a reward that comes back, goods that are added beside a discount: then
    the kept goods are worth more than their entries have room for. The surplus is
    posted beside them, and is the first to go when less is to be paid again.
    """

    _inherit = "loyalty.ledger"

    @api.model
    def _get_raised_targets(self, entries, surplus):
        """Return {entry: Target} of what was posted for a surplus.

        :param entries: open entries of one document and programme
        :param dict surplus: what there is now, see ``earned_surplus``
        """
        targets = {}
        for entry_type, own in (
            entries.filtered(is_raised).grouped("entry_type").items()
        ):
            targets |= raised_targets(own, surplus[entry_type])
        return targets

    @api.model
    def _prepare_raised(self, document, entries, surplus):
        """Return the postings of the surplus that was not posted yet.

        :param entries: what one programme posted for the document, its earnings among
            them; ``surplus`` is as above
        """
        raised, missing = entries.filtered(is_raised), {}
        for entry_type, (points, base) in surplus.items():
            own = raised.filtered(lambda e, kind=entry_type: e.entry_type == kind)
            points -= sum((get_wanted(entry) for entry in own), ZERO)
            base -= total(own, "base_amount")
            missing[entry_type] = max(points, ZERO), max(base, ZERO)
        if not any(points for points, _base in missing.values()):
            return []
        earned = entries.filtered(lambda e: e.entry_type in ("earn", "bonus"))
        cards = earned.member_card_id
        if not all(card._get_successor()._may_earn() for card in cards):
            return []
        earning = self._prepare_raise(document, earned, missing["earn"])
        postings = [earning]
        if missing["bonus"][0]:
            bonus = self._prepare_raise(
                document, earned, missing["bonus"], used=earning.points
            )
            postings.append(
                replace(
                    bonus,
                    entry_type="bonus",
                    key=bonus.key + BONUS,
                    base_amount=ZERO,
                    counts_for_tier=False,
                )
            )
        return [p for p in postings if p.points or p.base_amount]

    def _prepare_raise(self, document, earned, missing, used=ZERO):
        """Return the posting of (points, money), within the limit of an order.

        :param earned: earnings and bonuses of the document
        :param used: points that are about to be posted for it
        """
        last = earned[-1]
        program = last.program_id
        points, base = missing
        facts = {
            "cause": RAISED,
            "rules": [],
            "lines": [],
            "goods": [],
            "exact": to_text(points),
            "scale": program.points_scale,
            "rounding": "down",
        }
        limited = cap(
            Earned(points, base, facts),
            program._prepare_earn_terms().order_cap,
            {"per": "order"},
            program.points_scale,
            total(earned, "points") + used,
        )
        return Posting(
            card_id=last.member_card_id._get_successor().id,
            entry_type="earn",
            points=limited.points,
            key=f"{document._name}:{document.id}:{RAISED}:{last.id}",
            base_amount=base,
            hold_days=program.hold_days,
            channel=last.channel,
            origin=(document._name, document.id),
            counts_for_tier=True,
            breakdown=limited.breakdown,
        )
