"""The calendar days of a limit's period."""

from datetime import date, timedelta

import pytest
from engine.dates import days_of_period
from hypothesis import given
from hypothesis import strategies as st

LENGTHS = ("day", "week", "month", "year")


@pytest.mark.parametrize(
    ("length", "first", "last"),
    [
        ("day", date(2024, 2, 29), date(2024, 2, 29)),
        ("week", date(2024, 2, 26), date(2024, 3, 3)),
        ("month", date(2024, 2, 1), date(2024, 2, 29)),
        ("year", date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_a_leap_day_lies_in_its_periods(length, first, last):
    assert days_of_period(date(2024, 2, 29), length) == (first, last)


@given(st.dates(date(1990, 1, 2), date(2100, 1, 1)), st.sampled_from(LENGTHS))
def test_periods_follow_each_other_without_gap(day, length):
    first, last = days_of_period(day, length)
    assert first <= day <= last
    assert days_of_period(last, length) == (first, last)
    assert days_of_period(last + timedelta(days=1), length)[0] > last
    assert days_of_period(first - timedelta(days=1), length)[1] < first
