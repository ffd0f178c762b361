from fractions import Fraction

from odoo import fields, models

from odoo.addons.loyalty_program.engine import proration
from odoo.addons.loyalty_program.models.loyalty_ledger_target import (
    earned_surplus,
    earned_targets,
    spent_target,
)


class PosOrder(models.Model):
    """Refunds: goods that come back take their points along, at any till, any day.

    What came back of an order is looked at as a whole, so that it does not matter how
    often a refund is sent or in how many parts the goods return.
    """

    _inherit = "pos.order"

    def _undo_loyalty(self):
        """Bring the documents up to date whose goods came back with these orders.

        The customer has the money back already: nothing is refused here, see
        ``loyalty_check_refund``. What is missing, and was not taken off the refund, is
        owed, and the order says so where the programme wants none of that.
        """
        for document in self:
            returned = document.lines.refunded_orderline_id
            for order in returned.order_id:
                document._take_back(order)
            if "sale_order_line_id" in returned._fields:
                # Settled at the till: the points are the sales order's.
                returned.sale_order_line_id.order_id._sync_loyalty(
                    document=document, refuse_debt=False
                )

    def _take_back(self, order):
        """Bring what ``order`` posted up to date, this order being the cause."""
        ledger = self.env["loyalty.ledger"]
        targets, raised = order._compare_loyalty()
        with ledger._watch_debts() as seen:
            ledger._bring_undone(
                targets,
                channel=self._get_loyalty_channel(),
                origin=(self._name, self.id),
                # A till's clock may be ahead; what is paid back has happened.
                occurred_at=min(self.date_order, fields.Datetime.now()),
            )
            ledger._post(raised)
            self._settle_debts(ledger._list_debts(seen), order)
        ledger._tell_debts(ledger._list_debts(seen), self, order)

    def _compare_loyalty(self, returning=None):
        """Compare what this order earned and spent with what is left of it.

        :param dict returning: {line id: part of it that is about to come back}
        :return: ({entry: Target} of what is gone, the postings of what a reward that
            came back had taken off)
        """
        self.ensure_one()
        ledger = self.env["loyalty.ledger"]
        targets, earned, raised = {}, {}, []
        entries = ledger._get_open_entries(self)
        for entry in entries:
            goods = (entry.breakdown or {}).get("goods")
            if entry.program_id.ledger_policy != "strict" or not goods:
                continue
            kept = {
                good["ref"]: self._get_kept_part(good["ref"], returning or {})
                for good in goods
            }
            if entry.entry_type == "redeem":
                targets[entry] = spent_target(entry, _average(goods, kept))
            else:
                program = earned.setdefault(entry.program_id, {})
                program[entry] = kept
        for program, kept in earned.items():
            own = entries.filtered(lambda e, program=program: e.program_id == program)
            surplus = earned_surplus(kept)
            targets |= earned_targets(kept)
            targets |= ledger._get_raised_targets(own, surplus)
            raised += ledger._prepare_raised(self, own, surplus)
        return targets, raised

    def _get_kept_part(self, line_id, returning):
        """Return which part of a line the customer has kept, 0 to 1."""
        line = self.lines.filtered(lambda line: line.id == line_id)
        goods = line | line.combo_line_ids
        returns = goods.refund_orderline_ids.filtered(
            lambda back: back.order_id.state not in ("draft", "cancel")
        )
        part = sum(back._get_returned_part(line) for back in returns)
        part += returning.get(line_id, 0)
        return min(max(1 - part, Fraction(0)), Fraction(1))


def _average(goods, kept):
    """Return the kept part of a reward's lines, weighed by their size."""
    sizes = {good["ref"]: proration.measure(good) for good in goods}
    total = sum(sizes.values())
    return sum(sizes[ref] * kept[ref] for ref in sizes) / total if total else 0
