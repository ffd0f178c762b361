"""What is left of a posting when goods come back: the rate of then, exactly.

A document's posting keeps a snapshot of its goods. Whoever undoes it says which part
of each line the customer kept; what the kept goods earned stays, rounded the way it
was earned, and the rest goes. So returns in parts sum exactly to the whole, in any
order, and nothing is ever taken twice. Shares are fractions: two thirds of three goods
are two goods, not a digit less.
"""

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

    What a document with several postings has earned for so far, not the step alone.

    :return: list of {"ref", "product_id", "quantity", "total"}; discounts say so
    """
    return [
        {
            "ref": line.ref,
            "product_id": line.product_id,
            "quantity": _part(line.quantity, line.delivered),
            "total": _part(line.total, line.delivered),
            **({"is_discount": True} if line.is_discount else {}),
        }
        for line in basket.lines
        if line.ref and not (line.is_gift and line.total >= 0)
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


def kept_shares(breakdown, kept, deducted=0):
    """Return which part of the points and of the money is still earned.

    The goods that were kept go on carrying the discount that was not returned: who
    buys two with one coupon and returns one has bought one with the coupon.

    :param dict kept: {ref: part of the line that was kept, 0 to 1}; others are whole
    :param deducted: money of discounts that were given only afterwards
    :return: (share of the points, share of the base), fractions from 0 to 1
    """
    goods = breakdown.get("goods", ())
    gross, cut = _sums(goods)
    left, left_cut = _sums(goods, kept)
    left_cut -= deducted
    net = gross + cut
    base_share = _clamp((left + left_cut) / net) if net > 0 else _clamp(left)
    weights = weigh(breakdown)
    total = sum(weights.values())
    if total <= 0:
        return base_share, base_share
    by_goods = sum(part * kept.get(ref, WHOLE) for ref, part in weights.items()) / total
    if not (cut or deducted) or net <= 0 or gross <= 0:
        return _clamp(by_goods), base_share
    by_money = (by_goods * gross + left_cut) / net
    share = _money_share(breakdown)
    return _clamp(share * _clamp(by_money) + (1 - share) * by_goods), base_share


def taken_back(points, breakdown, share, scale):
    """Return how many of ``points`` are to be taken back, all in all.

    :param Decimal points: what was posted, above zero
    :param Fraction share: the part that is still earned
    :param int scale: decimals of a point
    :return: between nothing and ``points``; exactly those at the ends
    """
    if share >= 1:
        return ZERO
    if share <= 0:
        return points
    step = Fraction(Decimal(1).scaleb(-scale))
    posted = Fraction(points)
    exact = Fraction(breakdown.get("exact", points))
    if abs(exact - posted) >= step:
        # A cap or a reason of its own: the parts are parts of what was posted.
        exact = posted
    # Shares of the lines are cut after twelve decimals: what is whole but for that is.
    left = Fraction(round(exact * share / step * NOISE), NOISE)
    rounder = _ROUNDERS.get(breakdown.get("rounding"), floor)
    kept = Decimal(rounder(left)).scaleb(-scale)
    return points - min(max(kept, ZERO), points)


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
    lost them twice. What was invoiced anew after a credit note is there again.

    :param posted: amount of the line when it earned, above zero
    :param ordered: amount of the line now
    :param invoiced: amount that was invoiced or paid, all in all
    :param credited: amount that was credited or refunded, all in all
    """
    to_come = max(ordered - invoiced, 0)
    returned = ordered - min(ordered, invoiced - credited + to_come)
    return max(min(posted, ordered) - returned, 0)


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
