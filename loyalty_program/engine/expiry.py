"""On which day points lapse: the last day on which they may be spent.

A day never comes earlier for points that are earned, or kept alive, later. The
database relies on that: it asks for one border day, not for every single lot.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from .dates import add_months, clamped_date, period_end

NEVER, EARNING, FIXED, INACTIVITY = "never", "earning", "fixed", "inactivity"


@dataclass(frozen=True)
class ExpiryRule:
    """How long points last.

    :param mode: ``never``, ``earning`` (a period after it), ``fixed`` (one day of
        every year) or ``inactivity`` (a period after the last activity)
    :param count: length of the period in units; in fixed mode the minimum life
    :param unit: ``day`` or ``month``
    :param rounding: ``month``, ``quarter`` or ``year`` whose end is waited for, or
        None; not used in fixed mode
    :param month: of the fixed date, 1 to 12
    :param day: of the fixed date, clamped to the end of the month
    """

    mode: str = NEVER
    count: int = 0
    unit: str = "month"
    rounding: str | None = None
    month: int = 12
    day: int = 31

    @property
    def is_dated(self):
        """Whether each lot carries its own last day."""
        return self.mode in (EARNING, FIXED)


def expiry_date(start, rule, extra_months=0):
    """Return the last day of points that live from ``start`` on, None for never.

    :param date start: the day of the earning; of the last activity by inactivity
    :param int extra_months: by which a tier extends the period
    """
    if rule.mode == NEVER:
        return None
    by_month = rule.count if rule.unit == "month" else 0
    by_day = rule.count if rule.unit == "day" else 0
    end = add_months(start + timedelta(days=by_day), by_month + extra_months)
    if rule.mode == FIXED:
        return _next_yearly(end, rule)
    return period_end(end, rule.rounding) if rule.rounding else end


def _next_yearly(start, rule):
    """Return the first yearly date that is not before ``start``."""
    this_year = clamped_date(start.year, rule.month, rule.day)
    if this_year >= start:
        return this_year
    return clamped_date(start.year + 1, rule.month, rule.day)


def is_tighter(old, new, today, extras=(0,)):
    """Tell whether ``new`` may end the life of points sooner than ``old`` would.

    A change to or from inactivity is always one: the two count from other days. Points
    that carry their own day keep it if it is later, so only new ones are asked about;
    by inactivity every day is asked on which a living account may have been active.

    :param extras: the extensions in months that tiers give
    """
    if new.mode == NEVER:
        return False
    if old.mode == NEVER or (old.mode == INACTIVITY) != (new.mode == INACTIVITY):
        return True
    if new.mode != INACTIVITY:
        return expiry_date(today, new) < expiry_date(today, old)
    return any(
        expiry_date(start, new, extra) < expiry_date(start, old, extra)
        for extra in extras
        for start in _living_starts(old, today, extra)
    )


def _living_starts(rule, today, extra_months):
    """Return the starts whose points are alive today."""
    gone = last_lapsed(today, rule, extra_months) or date.min
    return [gone + timedelta(days=n) for n in range(1, (today - gone).days + 1)]


def last_lapsed(today, rule, extra_months=0):
    """Return the latest start whose points have lapsed by ``today``, or None.

    Every earlier start has lapsed as well, because a later start never lapses
    earlier.
    """
    if rule.mode == NEVER:
        return None
    low, high = 0, today.toordinal()
    while low < high:
        middle = (low + high + 1) // 2
        if expiry_date(date.fromordinal(middle), rule, extra_months) < today:
            low = middle
        else:
            high = middle - 1
    return date.fromordinal(low) if low else None


def schedule(first, last, rule, extra_months=0):
    """Return {start: last day} of the starts whose points lapse within two days.

    :param date first: the first last day that is asked for
    :param date last: the last one, included
    """
    if rule.mode == NEVER:
        return {}
    before = last_lapsed(first, rule, extra_months) or date.min
    until = last_lapsed(last + timedelta(days=1), rule, extra_months) or date.min
    starts = (
        before + timedelta(days=number)
        for number in range(1, (until - before).days + 1)
    )
    return {start: expiry_date(start, rule, extra_months) for start in starts}
