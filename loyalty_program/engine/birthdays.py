"""Which birthdays fall into a span of days, the 29th of February in every year."""

from calendar import isleap
from datetime import date, timedelta

#: How long after the day a gift is still given: nights on which nothing ran.
LATE_DAYS = 7


def birthdays_around(today, days_before):
    """Return which days of birth are celebrated soon: (month, day, year of the feast).

    Who was born on the 29th of February celebrates on the 28th in common years.

    :param int days_before: so many days before the day the gift is given
    """
    feasts = []
    for number in range(-LATE_DAYS, days_before + 1):
        day = today + timedelta(days=number)
        feasts.append((day.month, day.day, day.year))
        if (day.month, day.day) == (2, 28) and not isleap(day.year):
            feasts.append((2, 29, day.year))
    return feasts


def is_plausible(born, today):
    """Tell whether somebody who lives today may have been born on that day."""
    return date(today.year - 130, 1, 1) <= born <= today
