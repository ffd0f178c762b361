"""Which last days of points a member is reminded of, and when."""

from dataclasses import dataclass
from datetime import date, timedelta

FIRST, LAST = "first", "last"

#: A reminder gathers what lapses within so many days after the day that caused it, so
#: that who buys every day is not written to every day.
GATHER_DAYS = 6


@dataclass(frozen=True)
class ReminderStep:
    """One of the reminders of a programme, as it stands on one day.

    :param low: last days before this one are not this step's
    :param due: a last day up to this one causes a reminder
    :param until: up to here it tells of others as well
    """

    name: str
    low: date
    due: date
    until: date


def reminder_steps(today, first_days, last_days):
    """Return the steps of the day.

    What was overlooked for some days is caught up, but not a step behind: points that
    lapse within the days of the last reminder get that one only.

    :param int first_days: how long before the last day, 0 for no such reminder
    :param int last_days: the same of the second reminder
    """
    steps, low = [], today
    for name, days in ((LAST, last_days), (FIRST, first_days)):
        if not days:
            continue
        due = today + timedelta(days=days)
        if due >= low:
            until = due + timedelta(days=GATHER_DAYS)
            steps.append(ReminderStep(name, low, due, until))
        low = due + timedelta(days=1)
    return steps
