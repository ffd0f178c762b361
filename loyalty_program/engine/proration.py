"""What is left of a posting when goods come back: the rate of then, exactly.

A document's posting keeps a snapshot of its goods. Whoever undoes it says which part
of each line the customer kept; what the kept goods earned stays, rounded the way it
was earned, and the rest goes. So returns in parts sum exactly to the whole, in any
order, and nothing is ever taken twice. Shares are fractions: two thirds of three goods
are two goods, not a digit less.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from .values import ZERO

CENT = Decimal("0.01")
WHOLE = Fraction(1)
NOISE = 10**9

_ROUNDERS = {
    "down": floor,
    "half_up": lambda number: floor(number + Fraction(1, 2)),
    "up": ceil,
}


def snapshot(basket):
    """Return the lines of ``basket`` as JSON-ready facts for a later return.

    What a document with several postings has earned for so far, not the step alone. A
    discount belongs to all the goods: to those that have earned, so much of it.

    :return: list of {"ref", "product_id", "quantity", "total"}; discounts say so
    """
    lines = [line for line in basket.lines if not (line.is_gift and line.total >= 0)]
    reached = _reached([line for line in lines if not line.is_discount])
    parts = [reached if line.is_discount else line.delivered for line in lines]
    return [
        {
            "ref": line.ref,
            "product_id": line.product_id,
            "quantity": _part(line.quantity, part),
            "total": _part(line.total, part),
            **({"is_discount": True} if line.is_discount else {}),
        }
        for line, part in zip(lines, parts, strict=True)
        if line.ref
    ]


def measure(good):
    """Return the size of a line of the snapshot: its money, or else its units."""
    return abs(Fraction(good["total"])) or abs(Fraction(good["quantity"]))


def describe_return(breakdown, kept):
    """Return what was returned of the goods, JSON-ready, for the explanation.

    :param dict kept: {ref: part of the line that was kept}
    :return: list of {"product_id", "quantity", "share"}; the share that is gone
    """
    return [
        {
            "product_id": good["product_id"],
            "quantity": good["quantity"],
            "share": str(1 - kept[good["ref"]]),
        }
        for good in breakdown.get("goods", ())
        if kept.get(good["ref"], WHOLE) < 1 and not good.get("is_discount")
    ]


def weigh(breakdown):
    """Return {ref: points as a fraction} of the goods, the discounts spread.

    Entries that do not know the points of their lines weigh them by their money.
    """
    lines = breakdown.get("lines")
    if lines:
        return {line["ref"]: Fraction(line["points"]) for line in lines}
    goods = [g for g in breakdown.get("goods", ()) if not g.get("is_discount")]
    money = sum(Fraction(good["total"]) for good in goods)
    if money <= 0:
        return {}
    exact = Fraction(breakdown.get("exact", "1"))
    return {good["ref"]: exact * Fraction(good["total"]) / money for good in goods}


def standing(goods, cut):
    """Return which part of the price of ``goods`` is to be paid after discounts.

    :param goods: money of the goods
    :param cut: money of the discounts on them, above zero
    """
    return max(1 - Fraction(cut) / Fraction(goods), Fraction(0)) if goods > 0 else WHOLE


def kept_shares(breakdown, kept, paid=None):
    """Return which part of the points and of the money is still earned.

    The goods that were kept go on carrying the discount that was not returned: who
    buys two with one coupon and returns one has bought one with the coupon.

    :param dict kept: {ref: part of the line that was kept, 0 to 1}; others are whole
    :param paid: part of the price of the kept goods that is to be paid now, see
        :func:`standing`; by the discounts of the snapshot without it
    :return: (share of the points, share of the base), fractions from 0 to 1
    """
    points, base = due_shares(breakdown, kept, paid)
    return _clamp(points), _clamp(base)


def due_shares(breakdown, kept, paid=None):
    """Return the same, above 1 where more of the price is to be paid than then.

    :param kept: see :func:`kept_shares`; ``paid`` likewise
    """
    goods = breakdown.get("goods", ())
    gross, _cut = _sums(goods)
    left, _left_cut = _sums(goods, kept)
    shift = shift_of(breakdown, kept, paid)
    bases = {
        line["ref"]: Fraction(line["base"]) for line in breakdown.get("lines") or ()
    }
    money = sum(bases.values())
    if money > 0:
        held = sum(base * kept.get(ref, WHOLE) for ref, base in bases.items()) / money
    else:
        held = left / gross if gross > 0 else left
    base_share = max(held * shift, Fraction(0))
    total = sum(weigh(breakdown).values())
    if total <= 0:
        return base_share, base_share
    points = sum(kept_lines(breakdown, kept, paid).values())
    return max(points / total, Fraction(0)), base_share


def kept_lines(breakdown, kept, paid=None):
    """Return {ref: points as a fraction} of what was kept of each line, exactly.

    Only points on money feel what a discount has become.

    :param kept: see :func:`kept_shares`; ``paid`` likewise
    """
    shift = shift_of(breakdown, kept, paid)
    return {
        ref: kept.get(ref, WHOLE) * (money * shift + fixed)
        for ref, (money, fixed) in part_lines(breakdown).items()
    }


def part_lines(breakdown):
    """Return {ref: (points on money, points on units)} of the lines, exactly."""
    fixed = {
        line["ref"]: Fraction(line["fixed"])
        for line in breakdown.get("lines") or ()
        if "fixed" in line
    }
    rest = WHOLE if fixed else _money_share(breakdown)
    parts = {}
    for ref, points in weigh(breakdown).items():
        money = rest * (points - fixed.get(ref, 0))
        parts[ref] = (money, points - money)
    return parts


@dataclass(frozen=True)
class Step:
    """One of the postings of a document, and what is left of it.

    :param points: as posted, above zero
    :param breakdown: why so many
    :param share: the part of the points that is still earned
    :param full: {ref or None: exact points}, rounded each by itself
    :param left: the same of what was kept
    """

    points: Decimal
    breakdown: dict
    share: Fraction
    full: dict
    left: dict


def make_step(points, breakdown, share, lines=None):
    """Return the ``Step`` of a posting.

    :param Fraction share: the part of the points that is still earned
    :param dict lines: what was kept, see :func:`kept_lines`, where lines are known
    """
    if breakdown.get("per_line") and lines:
        return Step(points, breakdown, share, weigh(breakdown), lines)
    exact = Fraction(breakdown.get("exact", points))
    return Step(points, breakdown, share, {None: exact}, {None: exact * share})


def keep_points(steps, scale, beside=()):
    """Return how many points of each step stay, rounded as one document.

    What a document earned in steps was rounded by its sum, and so is what is left of
    it: many small steps leave no more than one large one.

    :param steps: list of Step, the oldest first
    :param int scale: decimals of a point
    :param beside: the steps that ``steps`` are a bonus to, one each: the whole is
        rounded, and the bonus is the difference
    """
    return [
        _fit(step, *due, scale=scale)
        for step, due in zip(steps, due_points(steps, scale, beside), strict=True)
    ]


def due_points(steps, scale, beside=()):
    """Return [(points that each step had, and has now)], rounded as one document.

    Before any limit; a step may have more than it had.

    :param steps: see :func:`keep_points`; the others likewise
    """
    sums, aside, given, result = ({}, {}), ({}, {}), [ZERO, ZERO], []
    for number, step in enumerate(steps):
        due = []
        for side, name in enumerate(("full", "left")):
            _add(sums[side], getattr(step, name))
            whole = _round(sums[side], step.breakdown, scale)
            if beside:
                _add(sums[side], getattr(beside[number], name))
                _add(aside[side], getattr(beside[number], name))
                whole = _round(sums[side], step.breakdown, scale)
                whole -= _round(aside[side], step.breakdown, scale)
            part = max(whole - given[side], ZERO)
            given[side] += part
            due.append(part)
        result.append(tuple(due))
    return result


def grow_points(before, more, breakdown):
    """Return what ``more`` adds, once rounded together with what was ``before``.

    :param dict before: {ref: exact points} of earlier steps
    :param dict more: the same of what comes on top
    :param breakdown: says how points are rounded
    """
    sums = dict(before)
    if not breakdown.get("per_line"):
        sums, more = {None: sum(sums.values())}, {None: sum(more.values())}
    earlier = _round(sums, breakdown, breakdown["scale"])
    _add(sums, more)
    return _round(sums, breakdown, breakdown["scale"]) - earlier


def taken_back(points, breakdown, share, scale):
    """Return how many of ``points`` of one posting are to be taken back, all in all.

    :param Decimal points: what was posted, above zero
    :param Fraction share: the part that is still earned
    :param int scale: decimals of a point
    :return: between nothing and ``points``; exactly those at the ends
    """
    (kept,) = keep_points([make_step(points, breakdown, share)], scale)
    return points - kept


def taken_base(base, share):
    """Return how much of the money ``base`` is to be taken back, all in all."""
    if share >= 1:
        return ZERO
    if share <= 0:
        return base
    return base - Decimal(floor(Fraction(base) * share / Fraction(CENT))) * CENT


def still_spent(cost, share, scale):
    """Return which part of a reward's ``cost`` stays spent.

    :param Fraction share: the part of the reward that was kept
    :return: rounded up, as the reward's price was
    """
    step = Fraction(Decimal(1).scaleb(-scale))
    kept = Decimal(ceil(Fraction(cost) * _clamp(share) / step)).scaleb(-scale)
    return min(kept, cost)


def kept_amount(posted, ordered, invoiced, credited):
    """Return how much of what was posted the customer keeps.

    What the order no longer holds is gone, what was credited is gone, but the same
    goods only once: an order whose quantity is lowered after a credit note has not
    lost them twice. What was invoiced, or ordered, anew after a credit note is there
    again.

    :param posted: amount of the line when it earned, above zero
    :param ordered: amount of the line now
    :param invoiced: amount that was invoiced or paid, all in all
    :param credited: amount that was credited or refunded, all in all
    """
    to_come = max(ordered - invoiced, 0)
    return max(min(posted, ordered, invoiced - credited + to_come), 0)


def spread_last_first(total, parts):
    """Lay ``total`` upon the parts, the last first: what came last goes first.

    :param parts: list of capacities
    :return: list of amounts, each at most its capacity, in the order of ``parts``
    """
    shares = []
    for capacity in reversed(parts):
        share = min(max(capacity, 0), total)
        shares.append(share)
        total -= share
    return shares[::-1]


def _fit(step, full, left, scale):
    """Return what stays of a step that would have had ``full``, and has ``left``."""
    if step.share <= 0:
        return ZERO
    if left == full:
        return step.points
    if full == step.points:
        return min(left, full)
    # A limit or a reason of its own: the parts are parts of what was posted.
    share = Fraction(left) / Fraction(full) if full else _clamp(step.share)
    grain = Fraction(Decimal(1).scaleb(-scale))
    kept = Decimal(floor(Fraction(step.points) * share / grain)).scaleb(-scale)
    return min(kept, step.points)


def _round(sums, breakdown, scale):
    rounder = _ROUNDERS.get(breakdown.get("rounding"), floor)
    scale = breakdown.get("scale", scale)
    grain = Fraction(Decimal(1).scaleb(-scale))
    # Shares of the lines are cut after twelve decimals: what is whole but for that is.
    points = sum(
        rounder(Fraction(round(exact / grain * NOISE), NOISE))
        for exact in sums.values()
    )
    return max(Decimal(points).scaleb(-scale), ZERO)


def _add(sums, more):
    for ref, number in more.items():
        sums[ref] = sums.get(ref, 0) + number


def shift_of(breakdown, kept, paid):
    """Return what is paid now of the price of the goods, relative to then."""
    goods = breakdown.get("goods", ())
    if paid is None:
        left, cut = _sums(goods, kept)
        paid = standing(left, -cut)
    then = paid_then(breakdown)
    return paid / then if then else WHOLE


def paid_then(breakdown):
    """Return which part of the price was to be paid when a document earned."""
    gross, cut = _sums(breakdown.get("goods", ()))
    return Fraction(breakdown.get("paid") or standing(gross, -cut))


def _reached(lines):
    """Return which part of the money of the goods has earned by now."""
    gross = sum(Fraction(line.total) for line in lines)
    if gross <= 0 or all(line.delivered == 1 for line in lines):
        return WHOLE
    return sum(Fraction(line.total) * line.delivered for line in lines) / gross


def _part(amount, share):
    """Return the part of an amount that has earned, as digits or as a fraction."""
    return f"{amount:f}" if share == 1 else str(Fraction(amount) * Fraction(share))


def _sums(goods, kept=None):
    """Return (money of the goods, money of the discounts, below zero)."""
    sums = [Fraction(0), Fraction(0)]
    for good in goods:
        part = kept.get(good["ref"], WHOLE) if kept else WHOLE
        sums[bool(good.get("is_discount"))] += part * Fraction(good["total"])
    return sums


def _money_share(breakdown):
    """Return which part of the points rests on money: only that feels a discount."""
    steps = breakdown.get("rules", ())
    total = sum(Fraction(step["points"]) for step in steps)
    money = sum(Fraction(step["points"]) for step in steps if step["mode"] == "money")
    return money / total if total > 0 else WHOLE


def _clamp(share):
    return min(max(share, Fraction(0)), WHOLE)
