"""What a multiplier adds: the whole is rounded once, the bonus is the difference."""

from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction

from .earning import cap
from .proration import grow_points
from .shares import PRECISION, to_text
from .values import ZERO, Earned

#: What the key of a bonus ends with, after the key of the earning it belongs to. The
#: limit of a member finds it by that.
BONUS = ":bonus"


def combine(factors):
    """Return what the points are multiplied with in the end.

    :param factors: list of {"factor": digits, ...}; each of them multiplies
    """
    whole = Decimal(1)
    for facts in factors:
        whole *= Decimal(facts["factor"])
    return whole


def bonus_of(total, base, factors):
    """Return what ``total`` has more than ``base``, as an ``Earned`` of its own.

    It rests on no money: the tier counts the purchase once.

    :param Earned total: what the document earns with the multiplier
    :param Earned base: what it earns without
    :param factors: see :func:`combine`; kept for the explanation
    """
    with localcontext(prec=PRECISION):
        own = {line["ref"]: line for line in _lines(base)}
        lines = [
            {"ref": line["ref"], "base": "0", **_subtract(line, own.get(line["ref"]))}
            for line in _lines(total)
        ]
        exact = Decimal(total.breakdown["exact"]) - Decimal(base.breakdown["exact"])
        facts = {k: v for k, v in total.breakdown.items() if k != "multiplier"}
        return Earned(
            points=max(total.points - base.points, ZERO),
            base=ZERO,
            breakdown={
                **facts,
                "lines": [line for line in lines if line["points"] != "0"],
                "exact": to_text(exact),
                "factors": list(factors),
                "whole": to_text(total.points),
                "beside": to_text(base.points),
            },
        )


def multiply(base, factor, order_cap=None, used=ZERO, *, before=None):
    """Return what ``base`` is with a multiplier, from its breakdown alone.

    For what is no basket: the points that a grown order earns more.

    :param Earned base: whose breakdown has "exact", "lines", "scale", "rounding"
    :param dict before: {ref: exact points} that the order has already, multiplied
    :param order_cap: most points of the order, or None
    :param used: points of the order that count under the same limit
    """
    facts = base.breakdown
    with localcontext(prec=PRECISION):
        lines = [
            line
            | {
                name: to_text(Decimal(line[name]) * factor)
                for name in ("points", "fixed")
                if name in line
            }
            for line in facts["lines"]
        ]
        exact = Decimal(facts["exact"]) * factor
        more = {line["ref"]: Fraction(line["points"]) for line in lines}
        points = grow_points(before or {}, more, facts)
        total = replace(
            base,
            points=max(points, ZERO),
            breakdown={**facts, "lines": lines, "exact": to_text(exact), "caps": []},
        )
        return cap(total, order_cap, {"per": "order"}, facts["scale"], used)


def _subtract(line, other):
    """Return the points of a line less those of another, or of none, as digits."""
    return {
        name: to_text(Decimal(line[name]) - Decimal((other or {}).get(name, 0)))
        for name in ("points", "fixed")
        if name in line
    }


def _lines(earned):
    return earned.breakdown.get("lines", [])
