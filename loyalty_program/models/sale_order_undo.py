from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction

from odoo import fields, models
from odoo.models import BaseModel

from ..engine import proration
from ..engine.rounding import to_decimal
from ..engine.values import ZERO
from .loyalty_ledger_target import earned_targets, shared_target, spent_target

#: Confirmed orders that are being changed, kept on the cursor.
_FOLLOWED = "loyalty_program.followed_orders"


@dataclass(frozen=True)
class Scope:
    """Which documents count, and in whose currency.

    :param moves: invoices and credit notes to look at as if they were posted
    :param settled: ids of those that belong to an earlier life of the order, which
        was cancelled and confirmed again
    """

    program: BaseModel
    moves: BaseModel
    settled: frozenset[int]


class SaleOrder(models.Model):
    """What happens to a confirmed order after its points were posted.

    Each change ends in :meth:`_sync_loyalty`, which looks at the whole: what the order
    holds now, what was invoiced, credited and returned. It brings the ledger there,
    whatever was posted before, so the order of events does not matter.
    """

    _inherit = "sale.order"

    loyalty_round = fields.Integer(
        string="Times cancelled",
        help="How often the confirmed order was cancelled: part of the keys of what it "
        "posts, so that it posts anew when it is confirmed again.",
        readonly=True,
        copy=False,
    )

    def write(self, vals):
        if "order_line" not in vals:
            return super().write(vals)
        with self._follow_loyalty():
            return super().write(vals)

    def _update_programs_and_rewards(self):
        with self._follow_loyalty():
            return super()._update_programs_and_rewards()

    def _apply_program_reward(self, reward, coupon, **kwargs):
        with self._follow_loyalty():
            return super()._apply_program_reward(reward, coupon, **kwargs)

    @contextmanager
    def _follow_loyalty(self):
        """Bring the ledger up to date once, after the outermost change."""
        confirmed = set(self.filtered(lambda order: order.state == "sale").ids)
        outer = self.env.cr.cache.get(_FOLLOWED)
        if outer is not None:
            outer.update(confirmed)
        if outer is not None or not confirmed:
            yield
            return
        self.env.cr.cache[_FOLLOWED] = confirmed
        try:
            yield
        finally:
            self.env.cr.cache.pop(_FOLLOWED, None)
        self.browse(sorted(confirmed)).exists()._sync_loyalty()

    # === The whole ===

    def _sync_loyalty(self, document=None, moves=None, refuse_debt=True):
        """Bring the ledger to what is left of the confirmed orders.

        :param document: what caused it; each order itself without one
        :param moves: invoices and credit notes to look at as if they were posted
        :param bool refuse_debt: whether the programme's debt policy may refuse; what
            cannot be refused any more is owed, and the document says so
        :raise UserError: the policy refuses, or a new reward is not covered
        """
        # sudo: the ledger is closed to everybody but the service, and whoever changes
        # a document changes its points, whatever else of it they may read.
        orders = self.sudo().filtered(lambda order: order.state == "sale")
        ledger = orders.env["loyalty.ledger"]
        entries = orders._get_loyalty_entries()
        for order in orders:
            own = entries.filtered(lambda e, order=order: e.origin_id == order.id)
            if not own:
                continue
            targets, more = order._compare_loyalty(own, moves)
            origin = document or order
            with ledger._watch_debts() as seen:
                ledger._bring_undone(
                    targets, refuse_debt=refuse_debt, origin=(origin._name, origin.id)
                )
            if not refuse_debt:
                ledger._tell_debts(ledger._list_debts(seen), origin, order)
            ledger._post(more, allow_debt=order._is_loyalty_paid())
            if _was_rounded_apart(targets, more):
                order._round_as_one(moves, origin)

    def _round_as_one(self, moves, document):
        """Bring what was there and what was just added to what one sum leaves."""
        targets, _more = self._compare_loyalty(self._get_loyalty_entries(), moves)
        self.env["loyalty.ledger"]._bring_undone(
            targets, origin=(document._name, document.id)
        )

    def _compare_loyalty(self, entries, moves):
        """Compare what was posted with what is left of the order.

        :return: ({entry: Target} of what is gone, the postings of what came)
        """
        moves = moves or self.env["account.move"]
        settled = self.env["loyalty.ledger"]._get_settled(self)
        targets, more = {}, []
        for program, own in entries.grouped("program_id").items():
            scope = Scope(program, moves, settled)
            targets |= self._get_undo_targets(own, scope)
            more += self._prepare_more_postings(own, scope)
        return targets, more

    def _get_settling_moves(self):
        """Return {order id: ids of its invoices and credit notes}.

        Asked before Odoo cancels: then the lines are read already, or will be.
        """
        return {order.id: order.order_line.invoice_lines.move_id.ids for order in self}

    def _cancel_loyalty(self, settled):
        """Undo all that the cancelled orders posted, and close the account of it.

        :param dict settled: see :meth:`_get_settling_moves`
        """
        self.env["loyalty.ledger"]._reverse_documents(
            self, refuse_debt=True, settled=settled
        )
        for order in self:
            order.loyalty_round += 1

    def _get_loyalty_entries(self):
        """Return what strict programmes posted for the orders and still holds."""
        if not self or not self.env["loyalty.program"]._has_strict():
            return self.env["loyalty.ledger.entry"]
        # sudo: the ledger's own trail decides, whoever asks.
        entries = self.env["loyalty.ledger"].sudo()._get_open_entries(self)
        return entries.filtered(lambda e: e.program_id.ledger_policy == "strict")

    def _get_undo_targets(self, entries, scope):
        """Return {entry: Target} for what one programme's entries earned and spent."""
        earned = entries.filtered(lambda e: e.entry_type in ("earn", "bonus"))
        known = earned.filtered(lambda e: (e.breakdown or {}).get("goods"))
        targets = self._get_line_targets(known, scope)
        for entry in (earned - known).filtered(lambda e: e.entry_type == "earn"):
            targets[entry] = shared_target(
                entry, self._get_document_share(entry, scope)
            )
        gifts = (earned - known).filtered(lambda e: e.entry_type == "bonus")
        targets |= self._get_gift_targets(gifts, targets)
        return targets | self._get_redeem_targets(entries, scope)

    # === Earnings ===

    def _get_gift_targets(self, entries, targets):
        """Return the targets of gifts for the order: they go as its earnings go."""
        posted = sum(Fraction(to_decimal(entry.base_amount)) for entry in targets)
        undone = sum(Fraction(target.base) for target in targets.values())
        share = 1 - undone / posted if posted else Fraction(1)
        return {entry: shared_target(entry, share) for entry in entries}

    def _get_line_targets(self, entries, scope):
        """Return the targets of entries that know their goods, line by line."""
        if not entries:
            return {}
        kept = {}
        for own in entries.grouped("entry_type").values():
            kept |= self._get_kept_parts(own, scope)
        return earned_targets(kept, self._get_paid_part(entries, scope))

    def _get_kept_parts(self, entries, scope):
        """Return {entry: {ref: part of the line that was kept}}.

        A document that earned in steps holds in each entry what it had earned for by
        then; the last step goes first.
        """
        parts = self._get_posted_parts(entries)
        kept = {entry: {} for entry in entries}
        for ref, good in merge_goods(entries).items():
            amounts = [parts[entry].get(ref, Fraction(0)) for entry in entries]
            posted = sum(amounts)
            left = self._get_kept_amount(good, posted, scope)
            gone = proration.spread_last_first(posted - left, amounts)
            for entry, amount, lost in zip(entries, amounts, gone, strict=True):
                kept[entry][ref] = 1 - lost / amount if amount else Fraction(1)
        return kept

    def _get_paid_part(self, entries, scope):
        """Return which part of the price of what is kept is to be paid.

        The discounts of now, whenever they were given, lie on all that is kept.
        """
        known = {
            ref
            for ref, good in merge_goods(entries).items()
            if not good.get("is_discount")
        }
        goods, cut = Fraction(0), self._get_loose_credits(scope)
        for line in self._get_loyalty_basket(scope.program).lines:
            left = self._get_lasting_amount(line, scope)
            if line.is_discount or (line.total < 0 and line.ref not in known):
                cut += left
            else:
                goods += left if line.total > 0 else -left
        return proration.standing(goods, cut)

    def _get_lasting_amount(self, line, scope):
        """Return how much of a line of the basket the customer keeps or will get."""
        if not line.total:
            return Fraction(0)
        good = {"total": str(line.total), "quantity": str(line.quantity)}
        own = self.order_line.filtered(lambda own: own.id == line.ref)
        amounts = own._get_loyalty_amounts(good, scope)
        return proration.kept_amount(amounts[0] * own._get_coming_part(), *amounts)

    def _get_loose_credits(self, scope):
        """Return the money that was credited beside the lines, above zero.

        Override to: add what names the order, but none of its lines.
        """
        return Fraction(0)

    def _get_posted_parts(self, entries):
        """Return {entry: {ref: what this step earned for, money or units}}."""
        before, parts = {}, {}
        for entry in entries:
            parts[entry] = {}
            for good in entry.breakdown["goods"]:
                ref, amount = good["ref"], proration.measure(good)
                parts[entry][ref] = max(amount - before.get(ref, 0), Fraction(0))
                before[ref] = max(amount, before.get(ref, 0))
        return parts

    def _get_kept_amount(self, good, posted, scope):
        """Return how much of a line's ``posted`` amount the customer keeps.

        :param dict good: the line in the snapshot
        """
        line = self.order_line.filtered(lambda line: line.id == good["ref"])
        ordered, ins, outs = line._get_loyalty_amounts(good, scope)
        if not line:
            return Fraction(0)
        ordered *= line._get_standing_part(scope)
        kept = proration.kept_amount(posted, ordered, ins, outs)
        return line._limit_to_paid(kept, outs, good, scope)

    def _get_document_share(self, entry, scope):
        """Return which part of an entry that knows no goods is still earned."""
        posted = Fraction(to_decimal(entry.base_amount))
        if posted <= 0:
            return Fraction(1)
        lines = self.order_line.filtered(self._counts_for_loyalty)
        invoiced, credited = lines._get_loyalty_flows(scope)[1:]
        flows = invoiced, credited + self._get_loose_credits(scope)
        left = proration.kept_amount(
            posted,
            Fraction(self._evaluate_loyalty(scope.program).base),
            *flows,
        )
        return left / posted

    # === Rewards ===

    def _get_redeem_targets(self, entries, scope):
        """Return {entry: Target} for the rewards that the order took."""
        targets = {}
        costs = {line.id: to_decimal(line.points_cost) for line in self.order_line}
        for entry in entries.filtered(lambda e: e.entry_type == "redeem"):
            goods = (entry.breakdown or {}).get("goods")
            if not goods:
                continue
            cost = -to_decimal(entry.points)
            charged = _draw(costs, [good["ref"] for good in goods], cost)
            share = self._get_reward_share(goods, scope)
            if cost:
                share = min(share, Fraction(charged) / Fraction(cost))
            targets[entry] = spent_target(entry, share)
        return targets

    def _get_reward_share(self, goods, scope):
        """Return which part of a reward is still taken, by its lines.

        A reward is returned when its line leaves the order, when its quantity falls,
        and when a credit note takes its money or its goods back.
        """
        kept = Fraction(0)
        for good in goods:
            line = self.order_line.filtered(lambda line, g=good: line.id == g["ref"])
            part = line._get_kept_reward_share(good, scope)
            kept += proration.measure(good) * part
        total = sum(proration.measure(good) for good in goods)
        return kept / total if total else Fraction(0)


def merge_goods(entries):
    """Return {ref: the line in the last snapshot that knows it}."""
    return {good["ref"]: good for entry in entries for good in entry.breakdown["goods"]}


def _was_rounded_apart(targets, more):
    """Tell whether earnings were added to others that are not whole any more."""
    earned = [p for p in more if p.entry_type in ("earn", "bonus")]
    partial = any(entry.points > 0 and targets[entry].points for entry in targets)
    return bool(earned) and (partial or len(earned) > 1)


def _draw(costs, refs, wanted):
    """Take up to ``wanted`` points from what the lines still cost; return them."""
    drawn = ZERO
    for ref in refs:
        part = min(costs.get(ref, ZERO), wanted - drawn)
        drawn += part
        if ref in costs:
            costs[ref] -= part
    return drawn
