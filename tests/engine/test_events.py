"""What an event earns: rate, value, condition, caps."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from engine.events import (
    PERIODS,
    Condition,
    EventRule,
    evaluate,
    period_end,
    period_start,
)
from hypothesis import given
from hypothesis import strategies as st

NONE_YET = (0, Decimal(0))
AMOUNT = st.decimals(0, 1000, places=3)


def award(rule, payload=None, value=0, used=NONE_YET, scale=0):
    return evaluate(rule, payload or {}, Decimal(value), used, scale)


def test_an_event_earns_the_amount():
    assert award(EventRule(Decimal(50))).points == 50


def test_the_value_multiplies_and_is_rounded_down():
    rule = EventRule(Decimal(10), per_value=True)
    got = award(rule, value="4.59")
    assert got.points == 45
    assert got.breakdown["event"]["exact"] == "45.90"


def test_a_field_may_be_the_value():
    rule = EventRule(Decimal(2), per_value=True, value_key="hours")
    assert award(rule, {"hours": 3}).points == 6
    assert award(rule, {}).points == 0


def test_a_negative_value_takes_nothing():
    assert award(EventRule(Decimal(2), per_value=True), value=-5).points == 0


@pytest.mark.parametrize(
    ("operator", "hit", "miss"),
    [("=", 4, 5), ("!=", 5, 4), (">=", 4, 3), ("<=", 4, 5), (">", 5, 4), ("<", 3, 4)],
)
def test_a_condition_decides(operator, hit, miss):
    rule = EventRule(Decimal(5), condition=Condition("rating", operator, Decimal(4)))
    assert award(rule, {"rating": hit}).points == 5
    assert award(rule, {"rating": miss}).points == 0


def test_a_field_that_was_left_out_meets_no_condition():
    rule = EventRule(Decimal(5), condition=Condition("place", "!=", "Ghent"))
    assert award(rule, {}).points == 0


def test_the_cap_of_times_ends_the_awards():
    rule = EventRule(Decimal(5), cap_times=2)
    assert award(rule, used=(1, Decimal(5))).points == 5
    assert award(rule, used=(2, Decimal(10))).points == 0


def test_the_cap_of_points_gives_what_is_left_and_says_so():
    got = award(EventRule(Decimal(50), cap_points=Decimal(80)), used=(1, Decimal(50)))
    assert got.points == 30
    assert got.breakdown["event"]["uncapped"] == "50"


@given(AMOUNT, AMOUNT, st.lists(AMOUNT, max_size=12), st.integers(0, 3))
def test_a_member_never_gets_more_than_the_cap(amount, cap, values, scale):
    rule = EventRule(amount, per_value=True, cap_points=cap)
    total = Decimal(0)
    for times, value in enumerate(values):
        points = evaluate(rule, {}, value, (times, total), scale).points
        assert points >= 0
        total += points
    assert total <= cap


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from(PERIODS[:-1]))
def test_a_day_lies_in_its_period_and_the_next_day_begins_another(day, period):
    start, end = period_start(day, period), period_end(day, period)
    assert start <= day <= end
    assert period_start(end, period) == start
    assert period_start(end + timedelta(days=1), period) == end + timedelta(days=1)


def test_more_points_than_a_posting_holds_are_refused():
    rule = EventRule(Decimal(1000), per_value=True)
    with pytest.raises(ValueError, match="larger"):
        award(rule, value=10**12)


def test_a_lifetime_has_no_end():
    day = date(2026, 6, 30)
    assert period_start(day, "lifetime") is None
    assert period_end(day, "lifetime") is None
