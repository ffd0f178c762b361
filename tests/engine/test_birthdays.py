"""Which birthdays are near: leap days, year ends, nights that were missed."""

from datetime import date

import pytest
from engine.birthdays import LATE_DAYS, birthdays_around, is_plausible


@pytest.mark.parametrize(
    ("today", "born", "year"),
    [
        (date(2026, 6, 16), (6, 30), 2026),
        (date(2026, 6, 17), (7, 1), 2026),
        (date(2026, 12, 25), (1, 5), 2027),
        (date(2026, 2, 14), (2, 29), 2026),
        (date(2028, 2, 15), (2, 29), 2028),
        (date(2026, 7, 7), (6, 30), 2026),
    ],
)
def test_a_birthday_within_two_weeks(today, born, year):
    assert (*born, year) in birthdays_around(today, 14)


def test_a_leap_day_is_celebrated_once():
    for year in (2026, 2028):
        for first in (date(year, 2, 14), date(year, 2, 28), date(year, 3, 1)):
            feasts = [f for f in birthdays_around(first, 14) if f[:2] == (2, 29)]
            assert len(feasts) <= 1


def test_a_common_year_does_not_celebrate_the_leap_day_in_march():
    late = date(2026, 2, 28 - 14 - 1)
    assert (2, 29, 2026) not in birthdays_around(late, 14)


def test_the_span_is_as_long_as_it_says():
    assert len(birthdays_around(date(2026, 6, 30), 14)) == 14 + 1 + LATE_DAYS


def test_nobody_is_born_tomorrow_or_before_the_great_grandparents():
    today = date(2026, 6, 30)
    assert is_plausible(today, today)
    assert not is_plausible(date(2026, 7, 1), today)
    assert not is_plausible(date(1895, 12, 31), today)
