"""Calendar arithmetic with clamped month ends."""

from calendar import monthrange
from datetime import date


def add_months(day, months):
    """Return ``day`` moved by ``months``, clamped to the month's end.

    31 January + 1 month is the last of February, as every contract means it.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    month += 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
