from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from odoo import models

from ..engine import proration
from ..engine.earning import cap
from ..engine.shares import to_text
from ..engine.values import ZERO, Earned, Posting
from .loyalty_ledger_target import is_raised, knows_goods
from .loyalty_ledger_undo import total
from .sale_order_undo import merge_goods


class SaleOrder(models.Model):
    """What a confirmed order earns and spends more when it grows afterwards."""

    _inherit = "sale.order"

    def _prepare_more_postings(self, entries, scope):
        """Return the postings of what the order holds beyond what was posted.

        :param entries: what one programme posted for the order
        """
        postings = self._prepare_more_spent(entries, scope.program)
        earned = entries.filtered(
            lambda e: e.entry_type == "earn" and (knows_goods(e) or is_raised(e))
        )
        if earned and self._may_earn_more(earned[-1]):
            postings += self._prepare_more_earned(earned, scope)
        return postings

    def _may_earn_more(self, entry):
        """Tell whether what was added has reached the moment at which it earns.

        Deliveries tell by themselves what they earn.

        :param entry: what the order earned before
        """
        if not entry.member_card_id._get_successor()._may_earn():
            return False
        moment = self._get_earn_moment(entry.program_id)
        if moment == "payment":
            return self._is_loyalty_settled()
        return moment == "confirmation"

    # === Earnings ===

    def _prepare_more_earned(self, entries, scope):
        """Return the posting of what grew: the rate of then, today's for new lines."""
        more = self._evaluate_more(entries, scope)
        if more.points <= 0 and more.base <= 0:
            return []
        last, program = entries[-1], scope.program
        return [
            Posting(
                card_id=last.member_card_id._get_successor().id,
                entry_type="earn",
                points=more.points,
                key=f"sale.order:{self.id}:more:{last.id}",
                base_amount=more.base,
                hold_days=program.hold_days,
                channel=last.channel,
                origin=(self._name, self.id),
                counts_for_tier=True,
                breakdown=more.breakdown,
            )
        ]

    def _evaluate_more(self, entries, scope):
        """Return an engine ``Earned`` of what the lines hold beyond the entries."""
        known = merge_goods(entries)
        today = self._evaluate_today(known, scope)
        paid, facts = self._get_paid_part(entries, scope), today.breakdown
        amounts = self._get_grown_amounts(entries, known, scope)
        lines = self._get_grown_lines(amounts, entries, paid)
        lines += [
            _describe(ref, worth)
            for ref, worth in _get_worth([facts], paid).items()
            if ref not in known
        ]
        points = sum((Decimal(line["points"]) for line in lines), ZERO)
        base = sum((Decimal(line["base"]) for line in lines), ZERO)
        added = {line["ref"]: Fraction(line["points"]) for line in lines}
        more = Earned(
            points=proration.grow_points(sum_lines(entries), added, facts),
            base=base.quantize(proration.CENT),
            breakdown={
                "cause": "more",
                "rules": [],
                "lines": lines,
                "goods": [_limit(good, amounts) for good in facts["goods"]],
                "paid": str(paid),
                "exact": to_text(points),
                "scale": facts["scale"],
                "rounding": facts["rounding"],
                **({"per_line": True} if facts.get("per_line") else {}),
            },
        )
        limit = scope.program._prepare_earn_terms().order_cap
        used = total(entries, "points")
        return cap(more, limit, {"per": "order"}, facts["scale"], used)

    def _evaluate_today(self, known, scope):
        """Return what the order is worth now; what was taken off since lies on all.

        :param dict known: {ref: line} of what the order has earned for
        """
        # sudo: rules are read to compute, not to show.
        program = scope.program.sudo()
        basket = self._get_loyalty_basket(program)
        lines = tuple(
            replace(line, is_discount=True)
            if line.total < 0 and line.ref not in known
            else line
            for line in basket.lines
        )
        return program._evaluate(replace(basket, lines=lines))

    def _get_grown_lines(self, amounts, entries, paid):
        """Return the lines that hold more than was posted, as the engine's lines.

        :param dict amounts: see :meth:`_get_grown_amounts`
        """
        worth = _get_worth([entry.breakdown for entry in entries], paid)
        return [
            _describe(ref, [n * (left - posted) / posted for n in worth[ref]])
            for ref, (posted, left, _ordered) in amounts.items()
            if posted and left > posted and ref in worth
        ]

    def _get_grown_amounts(self, entries, known, scope):
        """Return {ref: (amount that has earned, that is left, that is ordered)}."""
        parts, grown = self._get_posted_parts(entries), {}
        for ref, good in known.items():
            if good.get("is_discount"):
                continue
            posted = sum(parts[entry].get(ref, 0) for entry in entries)
            line = self.order_line.filtered(lambda line, ref=ref: line.id == ref)
            amounts = line._get_loyalty_amounts(good, scope)
            left = proration.kept_amount(max(posted, amounts[0]), *amounts)
            grown[ref] = posted, left, amounts[0]
        return grown

    # === Rewards ===

    def _prepare_more_spent(self, entries, program):
        """Return the redemptions of rewards that were claimed after the order was."""
        spent = entries.filtered(lambda e: e.entry_type == "redeem")
        known = merge_goods(spent.filtered(lambda e: (e.breakdown or {}).get("goods")))
        postings = []
        for (card, reward), lines in self._get_claimed_rewards(program).items():
            old = lines.filtered(lambda line: line.id in known)
            own = spent.filtered(
                lambda e, ids=old.ids: any(
                    good["ref"] in ids for good in (e.breakdown or {}).get("goods", ())
                )
            )
            raised = old._get_points_cost() + total(own, "points")
            for part, cost, mark in (
                (old, raised, "raised"),
                (lines - old, (lines - old)._get_points_cost(), "added"),
            ):
                if cost > 0:
                    suffix = f"{mark}:{entries[-1].id}"
                    postings.append(
                        self._prepare_redeem_posting((card, reward), part, cost, suffix)
                    )
        return postings

    def _get_claimed_rewards(self, program):
        """Return {(card, reward): lines} of the order's rewards of ``program``."""
        lines = self.order_line.filtered(
            lambda line: line.reward_id and line.coupon_id.program_id == program
        )
        return lines.grouped(
            lambda line: (line.coupon_id._get_successor(), line.reward_id)
        )


def _get_worth(breakdowns, paid):
    """Return {ref: [points on money, points on units, base]} of lines, as of now.

    At the rates of then, after the discounts of now.

    :param breakdowns: of what the lines earned
    :param paid: part of the price that is to be paid now
    """
    worth = {}
    for facts in breakdowns:
        shift, parts = proration.shift_of(facts, {}, paid), proration.part_lines(facts)
        for line in facts.get("lines", []):
            money, fixed = parts[line["ref"]]
            own = money * shift, fixed, Fraction(line["base"]) * shift
            before = worth.get(line["ref"], (0, 0, 0))
            worth[line["ref"]] = [a + b for a, b in zip(before, own, strict=True)]
    return worth


def _limit(good, amounts):
    """Return a line of the snapshot, as much of it as has earned by now.

    What was returned has not: it earns when its credit note is withdrawn.

    :param dict amounts: see ``_get_grown_amounts``
    """
    posted, left, ordered = amounts.get(good["ref"], (0, 0, 0))
    reached = max(posted, left)
    if not posted or ordered <= reached:
        return good
    part = Fraction(reached) / Fraction(ordered)
    return good | {
        name: str(Fraction(good[name]) * part) for name in ("quantity", "total")
    }


def _describe(ref, worth):
    """Return a line of a breakdown, see :func:`_get_worth`."""
    money, fixed, base = (_to_decimal(number) for number in worth)
    return {
        "ref": ref,
        "points": to_text(money + fixed),
        "base": to_text(base),
        "fixed": to_text(fixed),
    }


def sum_lines(entries):
    """Return {ref: exact points} of what entries gave for their lines."""
    sums = {}
    for entry in entries:
        for line in (entry.breakdown or {}).get("lines", []):
            sums[line["ref"]] = sums.get(line["ref"], 0) + Fraction(line["points"])
    return sums


def _to_decimal(number):
    """Return a fraction as a decimal of sixty digits, enough for any share."""
    return Decimal(number.numerator) / Decimal(number.denominator)
