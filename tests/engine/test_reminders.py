"""When members are reminded of points that lapse."""

from datetime import date, timedelta

from engine.reminders import reminder_steps
from hypothesis import given
from hypothesis import strategies as st

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
TODAY = date(2026, 6, 30)


def due_steps(today, lapses, first, last):
    """Return the names of the steps for which a last day is due."""
    return [
        step.name
        for step in reminder_steps(today, first, last)
        if step.low <= lapses <= step.due
    ]


def test_a_reminder_is_due_from_its_day_on():
    lapses = date(2026, 8, 30)
    day = timedelta(days=1)
    assert due_steps(lapses - 31 * day, lapses, 30, 7) == []
    assert due_steps(lapses - 30 * day, lapses, 30, 7) == ["first"]
    assert due_steps(lapses - 8 * day, lapses, 30, 7) == ["first"]
    assert due_steps(lapses - 7 * day, lapses, 30, 7) == ["last"]
    assert due_steps(lapses, lapses, 30, 7) == ["last"]
    assert due_steps(lapses + day, lapses, 30, 7) == []


def test_none_is_none():
    assert reminder_steps(TODAY, 0, 0) == []
    assert [step.name for step in reminder_steps(TODAY, 30, 0)] == ["first"]
    assert [step.name for step in reminder_steps(TODAY, 0, 7)] == ["last"]


@given(DAYS, st.integers(0, 400), st.integers(2, 366), st.data())
def test_a_day_is_due_for_one_step_at_most(today, ahead, first, data):
    last = data.draw(st.integers(1, first - 1))
    assert len(due_steps(today, today + timedelta(days=ahead), first, last)) <= 1


@given(DAYS, st.integers(2, 366), st.data())
def test_every_day_passes_both_steps(lapses, first, data):
    last = data.draw(st.integers(1, first - 1))
    told = [
        due_steps(lapses - timedelta(days=ahead), lapses, first, last)
        for ahead in range(first, -1, -1)
    ]
    assert told == [["first"]] * (first - last) + [["last"]] * (last + 1)
