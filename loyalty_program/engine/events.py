"""What an event is worth: one rule, one member, within the caps."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from .dates import add_months
from .rounding import round_points, to_decimal
from .values import ZERO

PERIODS = ("day", "week", "month", "year", "lifetime")

OPERATORS = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    ">=": lambda left, right: left >= right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    "<": lambda left, right: left < right,
}


@dataclass(frozen=True)
class Condition:
    """A test of one field of the event's details.

    :param value: of the field's type; numbers as Decimal
    """

    key: str
    operator: str
    value: object


@dataclass(frozen=True)
class EventRule:
    """How a programme rewards events of one type.

    :param amount: points per event, or per unit of the value
    :param per_value: whether the value multiplies the amount
    :param value_key: the field that is the value; None means the event's own value
    :param cap_times: most awards in a period; None means no cap
    :param cap_points: most points in a period; None means no cap
    """

    amount: Decimal
    per_value: bool = False
    value_key: str | None = None
    condition: Condition | None = None
    cap_times: int | None = None
    cap_points: Decimal | None = None


@dataclass(frozen=True)
class Award:
    """What an event earns under one rule.

    :param points: rounded down to the scale, within the caps, never negative
    :param breakdown: JSON-ready facts that answer "why so many points?"
    """

    points: Decimal
    breakdown: dict = field(default_factory=dict)


def evaluate(rule, payload, value, used, scale):
    """Return the award of one event.

    :param dict payload: the event's checked details
    :param Decimal value: the event's own value
    :param used: (number of awards, points) of the member in the period so far
    :param int scale: decimals of a point
    :rtype: Award
    :raise ValueError: more points than a posting can hold
    """
    if not _meets(rule.condition, payload):
        return Award(ZERO)
    base = _get_base(rule, payload, value)
    exact = to_decimal(rule.amount * base)
    points = max(round_points(exact, scale), ZERO)
    allowed = _apply_caps(rule, points, used, scale)
    breakdown = {
        "event": {
            "mode": "value" if rule.per_value else "event",
            "rate": str(rule.amount),
            "base": str(base),
            "exact": str(exact),
            "points": str(allowed),
        }
    }
    if allowed != points:
        breakdown["event"]["uncapped"] = str(points)
    return Award(allowed, breakdown)


def period_start(day, period):
    """Return the first day of the period that holds ``day``; None for a lifetime."""
    if period == "week":
        return day - timedelta(days=day.weekday())
    starts = {
        "day": day,
        "month": date(day.year, day.month, 1),
        "year": date(day.year, 1, 1),
        "lifetime": None,
    }
    return starts[period]


def period_end(day, period):
    """Return the last day of the period that holds ``day``; None for a lifetime."""
    start = period_start(day, period)
    if period == "week":
        return start + timedelta(days=6)
    if period in ("month", "year"):
        months = 1 if period == "month" else 12
        return add_months(start, months) - timedelta(days=1)
    return start


def _meets(condition, payload):
    if condition is None:
        return True
    value = payload.get(condition.key)
    if value is None:
        return False
    if isinstance(condition.value, Decimal):
        value = to_decimal(value)
    return OPERATORS[condition.operator](value, condition.value)


def _get_base(rule, payload, value):
    if not rule.per_value:
        return Decimal(1)
    if rule.value_key is None:
        return value
    return to_decimal(payload.get(rule.value_key, 0))


def _apply_caps(rule, points, used, scale):
    times, sum_points = used
    if rule.cap_times is not None and times >= rule.cap_times:
        return ZERO
    if rule.cap_points is None:
        return points
    left = max(round_points(rule.cap_points - sum_points, scale), ZERO)
    return min(points, left)
