"""How long points last."""

from datetime import date, timedelta

import pytest
from engine.expiry import (
    ExpiryRule,
    expiry_date,
    is_tighter,
    last_lapsed,
    schedule,
)
from hypothesis import given
from hypothesis import strategies as st

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
EXTRA = st.integers(0, 60)
RULES = st.builds(
    ExpiryRule,
    mode=st.sampled_from(["earning", "fixed", "inactivity"]),
    count=st.integers(1, 120),
    unit=st.sampled_from(["day", "month"]),
    rounding=st.sampled_from([None, "month", "quarter", "year"]),
    month=st.integers(1, 12),
    day=st.integers(1, 31),
)

YEAR_AFTER = ExpiryRule("earning", 12)
YEAR_END = ExpiryRule("fixed", 12, month=12, day=31)


@pytest.mark.parametrize(
    ("rule", "start", "end"),
    [
        (ExpiryRule("earning", 1), (2026, 1, 31), (2026, 2, 28)),
        (ExpiryRule("earning", 1), (2028, 1, 31), (2028, 2, 29)),
        (ExpiryRule("earning", 12), (2028, 2, 29), (2029, 2, 28)),
        (ExpiryRule("earning", 90, "day"), (2026, 1, 31), (2026, 5, 1)),
        (ExpiryRule("earning", 30, "day"), (2028, 2, 1), (2028, 3, 2)),
        (ExpiryRule("earning", 6, rounding="month"), (2026, 1, 10), (2026, 7, 31)),
        (ExpiryRule("earning", 6, rounding="quarter"), (2026, 1, 10), (2026, 9, 30)),
        (ExpiryRule("earning", 6, rounding="year"), (2026, 1, 10), (2026, 12, 31)),
        (ExpiryRule("earning", 1, rounding="month"), (2028, 1, 31), (2028, 2, 29)),
        (ExpiryRule("inactivity", 24), (2026, 6, 30), (2028, 6, 30)),
        (YEAR_END, (2026, 3, 15), (2027, 12, 31)),
        (YEAR_END, (2026, 12, 31), (2027, 12, 31)),
        (ExpiryRule("fixed", 0), (2026, 12, 31), (2026, 12, 31)),
        (ExpiryRule("fixed", 3, month=3, day=31), (2026, 1, 5), (2027, 3, 31)),
        (ExpiryRule("fixed", 3, month=2, day=29), (2026, 10, 1), (2027, 2, 28)),
        (ExpiryRule("fixed", 3, month=2, day=29), (2027, 10, 1), (2028, 2, 29)),
    ],
)
def test_points_last_as_the_rule_says(rule, start, end):
    assert expiry_date(date(*start), rule) == date(*end)


def test_points_without_a_rule_never_expire():
    assert expiry_date(date(2026, 1, 31), ExpiryRule()) is None
    assert last_lapsed(date(2026, 1, 31), ExpiryRule()) is None
    assert schedule(date(2026, 1, 1), date(2027, 1, 1), ExpiryRule()) == {}


def test_a_tier_extends_the_period_before_it_is_rounded():
    rule = ExpiryRule("earning", 6, rounding="quarter")
    assert expiry_date(date(2026, 1, 10), rule, 3) == date(2026, 12, 31)
    assert expiry_date(date(2026, 3, 15), YEAR_END, 12) == date(2028, 12, 31)


@given(DAYS, DAYS, RULES, EXTRA)
def test_what_begins_later_never_lapses_earlier(first, second, rule, extra):
    first, second = sorted((first, second))
    assert expiry_date(first, rule, extra) <= expiry_date(second, rule, extra)


@given(DAYS, RULES, EXTRA, EXTRA)
def test_a_longer_extension_never_lapses_earlier(start, rule, short, long):
    short, long = sorted((short, long))
    assert expiry_date(start, rule, short) <= expiry_date(start, rule, long)


@given(DAYS, RULES)
def test_rounding_gives_days_and_takes_none(start, rule):
    bare = ExpiryRule("earning", rule.count, rule.unit)
    assert expiry_date(start, rule) >= expiry_date(start, bare)


@given(DAYS, RULES)
def test_a_fixed_date_is_one_day_of_the_year(start, rule):
    fixed = ExpiryRule("fixed", rule.count, rule.unit, None, rule.month, rule.day)
    end = expiry_date(start, fixed)
    assert end.month == rule.month
    assert end.day == rule.day or (end + timedelta(days=1)).day == 1


@given(DAYS, RULES, EXTRA)
def test_the_border_parts_what_lapsed_from_what_lives(today, rule, extra):
    border = last_lapsed(today, rule, extra)
    assert expiry_date(border, rule, extra) < today
    assert expiry_date(border + timedelta(days=1), rule, extra) >= today


@given(DAYS, st.integers(0, 40), RULES, EXTRA)
def test_a_schedule_holds_all_that_lapses_within_its_days(first, days, rule, extra):
    last = first + timedelta(days=days)
    plan = schedule(first, last, rule, extra)
    assert all(first <= end <= last for end in plan.values())
    assert all(expiry_date(start, rule, extra) == end for start, end in plan.items())
    if plan:
        day = timedelta(days=1)
        assert expiry_date(min(plan) - day, rule, extra) < first
        assert expiry_date(max(plan) + day, rule, extra) > last


@pytest.mark.parametrize(
    ("old", "new", "tighter"),
    [
        (ExpiryRule(), YEAR_AFTER, True),
        (YEAR_AFTER, ExpiryRule(), False),
        (YEAR_AFTER, YEAR_AFTER, False),
        (YEAR_AFTER, ExpiryRule("earning", 13), False),
        (YEAR_AFTER, ExpiryRule("earning", 364, "day"), True),
        (YEAR_AFTER, YEAR_END, False),
        (YEAR_END, YEAR_AFTER, True),
        (YEAR_AFTER, ExpiryRule("inactivity", 99), True),
        (ExpiryRule("inactivity", 99), YEAR_AFTER, True),
        (ExpiryRule("inactivity", 24), ExpiryRule("inactivity", 12), True),
        (ExpiryRule("inactivity", 12), ExpiryRule("inactivity", 24), False),
        (ExpiryRule("inactivity", 12), ExpiryRule(), False),
    ],
)
def test_a_change_is_tighter_when_points_may_end_sooner(old, new, tighter):
    assert is_tighter(old, new, date(2026, 6, 30)) is tighter


def test_less_rounding_is_tighter_by_inactivity_whatever_the_day():
    plain = ExpiryRule("inactivity", 12)
    for rounding, day in (("year", (2026, 12, 31)), ("quarter", (2026, 3, 31))):
        rounded = ExpiryRule("inactivity", 12, rounding=rounding)
        assert is_tighter(rounded, plain, date(*day))
        assert not is_tighter(plain, rounded, date(*day))
