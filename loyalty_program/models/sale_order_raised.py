from odoo import models

from ..engine import proration
from .loyalty_ledger_target import NO_SURPLUS, earned_surplus, is_raised, knows_goods


class SaleOrder(models.Model):
    """What a confirmed order earns because more of its price is to be paid."""

    _inherit = "sale.order"

    def _get_undo_targets(self, entries, scope):
        """Override: what was posted for a surplus lasts as long as there is one."""
        raised = entries.filtered(is_raised)
        targets = super()._get_undo_targets(entries - raised, scope)
        if not raised:
            return targets
        surplus = self._get_surplus(entries, scope)
        return targets | self.env["loyalty.ledger"]._get_raised_targets(raised, surplus)

    def _prepare_more_postings(self, entries, scope):
        """Override: beside what grew, the surplus of what was there before."""
        postings = super()._prepare_more_postings(entries, scope)
        raised = self.env["loyalty.ledger"]._prepare_raised(
            self, entries, self._get_surplus(entries, scope)
        )
        if raised and not self._may_earn_more(entries.filtered(knows_goods)[-1]):
            return postings
        return postings + raised

    def _get_surplus(self, entries, scope):
        """Return {entry type: (points, money)} beyond what the entries can hold."""
        known = entries.filtered(
            lambda e: e.entry_type in ("earn", "bonus") and knows_goods(e)
        )
        if all(proration.paid_then(entry.breakdown) >= 1 for entry in known):
            # Nothing was taken off: nothing can be put back.
            return NO_SURPLUS
        kept = {}
        for own in known.grouped("entry_type").values():
            kept |= self._get_kept_parts(own, scope)
        return earned_surplus(kept, self._get_paid_part(known, scope))
