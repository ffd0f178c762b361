from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from odoo import models

from ..engine import proration
from ..engine.earning import cap
from ..engine.shares import to_text
from ..engine.values import ZERO, Earned, Posting
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
            lambda e: e.entry_type == "earn" and (e.breakdown or {}).get("goods")
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
        lines = self._get_grown_lines(entries, known, scope)
        lines += [
            line
            for line in today.breakdown.get("lines", [])
            if line["ref"] not in known
        ]
        facts = today.breakdown
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
                "goods": facts["goods"],
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

    def _get_grown_lines(self, entries, known, scope):
        """Return the lines that hold more than was posted, as the engine's lines."""
        parts, grown = self._get_posted_parts(entries), []
        worth = self._get_worth_today(entries, scope)
        for ref, good in known.items():
            posted = sum(parts[entry].get(ref, 0) for entry in entries)
            line = self.order_line.filtered(lambda line, ref=ref: line.id == ref)
            amounts = line._get_loyalty_amounts(good, scope)
            left = proration.kept_amount(max(posted, amounts[0]), *amounts)
            if left <= posted or not posted or good.get("is_discount"):
                continue
            factor = (left - posted) / posted
            points, base = worth.get(ref, (0, 0))
            grown.append(
                {
                    "ref": ref,
                    "points": to_text(_to_decimal(Fraction(points) * factor)),
                    "base": to_text(_to_decimal(Fraction(base) * factor)),
                }
            )
        return grown

    def _get_worth_today(self, entries, scope):
        """Return {ref: (points, base)} at the rate of then, after today's discounts."""
        paid, worth = self._get_paid_part(entries, scope), {}
        for entry in entries:
            points = proration.kept_lines(entry.breakdown, {}, paid)
            shift = proration.shift_of(entry.breakdown, {}, paid)
            for line in entry.breakdown.get("lines", []):
                ref = line["ref"]
                before = worth.get(ref, (0, 0))
                worth[ref] = (
                    before[0] + points[ref],
                    before[1] + Fraction(line["base"]) * shift,
                )
        return worth

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
