"""Calendar arithmetic with clamped month ends."""

from calendar import monthrange
from datetime import date, timedelta

#: Months of the periods whose end may be waited for.
PERIODS = {"month": 1, "quarter": 3, "year": 12}


def add_months(day, months):
    """Return ``day`` moved by ``months``, clamped to the month's end.

    31 January + 1 month is the last of February, as every contract means it.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return clamped_date(year, month + 1, day.day)


def clamped_date(year, month, day):
    """Return that date, the last of the month when the month is shorter."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def period_end(day, period):
    """Return the last day of the calendar month, quarter or year of ``day``."""
    months = PERIODS[period]
    return clamped_date(day.year, -(-day.month // months) * months, 31)


def days_of_period(day, length):
    """Return (first day, last day) of the period that ``day`` lies in.

    :param length: ``day``, ``week`` (from Monday), ``month`` or ``year``
    """
    if length == "day":
        return day, day
    if length == "week":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    first = day.replace(day=1) if length == "month" else date(day.year, 1, 1)
    return first, period_end(day, length)
