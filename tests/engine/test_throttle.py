"""Who enters wrong codes waits, longer each time, and never for ever."""

from datetime import datetime, timedelta

import pytest
from engine import throttle
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 6, 30, 10)
limits = st.sampled_from(throttle.LIMITS)


def wait(limit, failures):
    allowed = throttle.allowed_from(limit, failures, NOW)
    return allowed - NOW if allowed else timedelta(0)


@given(limits, st.integers(0, 10_000))
def test_the_wait_never_shrinks_and_has_an_end(limit, failures):
    assert wait(limit, failures) <= wait(limit, failures + 1) <= limit.longest_wait


@pytest.mark.parametrize("limit", throttle.LIMITS)
def test_the_first_slips_are_free_and_the_next_ones_double(limit):
    waits = [wait(limit, limit.free + beyond) for beyond in range(4)]
    assert waits == [timedelta(0), *(limit.first_wait * n for n in (1, 2, 4))]


def test_no_number_is_too_large():
    assert wait(throttle.SESSION, 10**9) == throttle.SESSION.longest_wait


def guesses_in(limit, span):
    """Return how many wrong codes a tireless guesser gets in within ``span``."""
    now, times = NOW, []
    while now < NOW + span:
        recent = [t for t in times if t > now - limit.window]
        last = recent[-1] if recent else now
        allowed = throttle.allowed_from(limit, len(recent), last)
        now = max(now, allowed) if allowed else now
        if now >= NOW + span:
            break
        times.append(now)
        now += timedelta(milliseconds=100)
    return len(times)


def test_a_guesser_who_never_rests_gets_few_guesses_a_day():
    day = timedelta(days=1)
    assert guesses_in(throttle.ADDRESS, day) < 200
    assert guesses_in(throttle.ACCOUNT, day) < 60
    assert guesses_in(throttle.SESSION, timedelta(hours=1)) < 20


def test_a_cashier_waits_minutes_at_most():
    for limit in (throttle.TILL, throttle.CASHIER):
        assert limit.longest_wait <= timedelta(minutes=2)


def test_a_guesser_at_tills_gets_few_guesses_an_hour():
    hour = timedelta(hours=1)
    assert guesses_in(throttle.TILL, hour) < 60
    assert guesses_in(throttle.CASHIER, hour) < 100
