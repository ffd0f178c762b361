"""Months as a contract means them."""

from datetime import date

import pytest
from engine.dates import add_months, clamped_date, period_end
from hypothesis import given
from hypothesis import strategies as st

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2028, 1, 31), 1, (2028, 2, 29)),
        ((2028, 2, 29), 12, (2029, 2, 28)),
        ((2028, 2, 29), 48, (2032, 2, 29)),
        ((2026, 3, 31), -1, (2026, 2, 28)),
        ((2026, 12, 15), 1, (2027, 1, 15)),
        ((2026, 1, 15), -1, (2025, 12, 15)),
        ((2026, 10, 31), 13, (2027, 11, 30)),
        ((2100, 2, 28), 12, (2101, 2, 28)),
        ((2026, 5, 5), 0, (2026, 5, 5)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_months_last(day, months, result):
    assert add_months(date(*day), months) == date(*result)


@given(DAYS, st.integers(0, 240))
def test_forth_and_back_never_lands_later(day, months):
    back = add_months(add_months(day, months), -months)
    assert back <= day
    assert (back.year, back.month) == (day.year, day.month)


@given(DAYS, DAYS, st.integers(-120, 120))
def test_what_was_earned_earlier_expires_no_later(first, second, months):
    first, second = sorted((first, second))
    assert add_months(first, months) <= add_months(second, months)


@pytest.mark.parametrize(
    ("day", "period", "result"),
    [
        ((2026, 2, 1), "month", (2026, 2, 28)),
        ((2028, 2, 29), "month", (2028, 2, 29)),
        ((2026, 1, 1), "quarter", (2026, 3, 31)),
        ((2026, 6, 30), "quarter", (2026, 6, 30)),
        ((2026, 7, 1), "quarter", (2026, 9, 30)),
        ((2026, 12, 31), "year", (2026, 12, 31)),
        ((2026, 1, 1), "year", (2026, 12, 31)),
    ],
)
def test_a_period_ends_on_its_last_day(day, period, result):
    assert period_end(date(*day), period) == date(*result)


@given(DAYS, st.sampled_from(["month", "quarter", "year"]))
def test_the_end_of_a_period_ends_that_same_period(day, period):
    end = period_end(day, period)
    assert end >= day
    assert period_end(end, period) == end


def test_a_date_that_a_month_lacks_is_its_last():
    assert clamped_date(2026, 2, 31) == date(2026, 2, 28)
    assert clamped_date(2028, 2, 29) == date(2028, 2, 29)
