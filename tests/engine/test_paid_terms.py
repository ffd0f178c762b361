"""A tier that is paid for: when it begins, when it ends, what lies beneath."""

from datetime import date, timedelta
from decimal import Decimal

from engine.paid_terms import PaidTerm, lift, next_term
from engine.tier_path import TierLevel, TierPolicy, replay
from hypothesis import given
from hypothesis import strategies as st

SILVER, GOLD, PLATINUM = 1, 2, 3
POLICY = TierPolicy(
    levels=tuple(
        TierLevel(tier_id, (Decimal(amount),), (Decimal(amount),))
        for tier_id, amount in ((SILVER, 0), (GOLD, 300), (PLATINUM, 1000))
    )
)
JOINED = date(2026, 1, 10)


def standing(today, *facts, terms=()):
    facts = [(day, (Decimal(amount),)) for day, amount in facts]
    return lift(replay(POLICY, JOINED, facts, today), POLICY, terms, today)


def test_a_term_begins_with_the_payment():
    term = next_term(GOLD, 12, date(2026, 3, 5), [])
    assert term == PaidTerm(GOLD, date(2026, 3, 5), date(2027, 3, 4))


def test_month_ends_are_clamped():
    term = next_term(GOLD, 1, date(2026, 1, 31), [])
    assert term.last == date(2026, 2, 27)
    leap = next_term(GOLD, 12, date(2028, 2, 29), [])
    assert leap.last == date(2029, 2, 27)


def test_an_early_renewal_begins_at_the_old_end():
    old = next_term(GOLD, 12, date(2026, 3, 5), [])
    new = next_term(GOLD, 12, date(2027, 1, 20), [old])
    assert (new.first, new.last) == (date(2027, 3, 5), date(2028, 3, 4))
    third = next_term(GOLD, 12, date(2027, 1, 21), [new, old])
    assert third.first == date(2028, 3, 5)


def test_a_late_renewal_begins_with_the_payment():
    old = next_term(GOLD, 12, date(2026, 3, 5), [])
    assert next_term(GOLD, 12, date(2027, 3, 5), [old]).first == date(2027, 3, 5)
    assert next_term(GOLD, 12, date(2027, 5, 1), [old]).first == date(2027, 5, 1)


def test_another_tier_begins_at_once():
    old = next_term(GOLD, 12, date(2026, 3, 5), [])
    new = next_term(PLATINUM, 12, date(2026, 6, 1), [old])
    assert new.first == date(2026, 6, 1)


def test_the_term_lifts_and_its_end_lets_go():
    term = PaidTerm(GOLD, date(2026, 3, 5), date(2027, 3, 4))
    assert standing(date(2026, 3, 4), terms=[term]).tier_id == SILVER
    held = standing(date(2026, 3, 5), terms=[term])
    assert (held.tier_id, held.since) == (GOLD, date(2026, 3, 5))
    assert held.review_on == held.paid_until == date(2027, 3, 4)
    assert standing(date(2027, 3, 4), terms=[term]).tier_id == GOLD
    assert standing(date(2027, 3, 5), terms=[term]).tier_id == SILVER


def test_purchases_count_on_beneath():
    term = PaidTerm(GOLD, date(2026, 3, 5), date(2027, 3, 4))
    late = (date(2027, 2, 1), 400)
    assert standing(date(2027, 3, 5), late, terms=[term]).tier_id == GOLD
    earned = standing(date(2026, 4, 1), (date(2026, 3, 20), 1200), terms=[term])
    assert (earned.tier_id, earned.paid_until) == (PLATINUM, None)


def test_renewed_terms_are_one_stretch():
    first = PaidTerm(GOLD, date(2026, 3, 5), date(2027, 3, 4))
    second = next_term(GOLD, 12, date(2027, 1, 1), [first])
    held = standing(date(2027, 4, 1), terms=[second, first])
    assert (held.since, held.paid_until) == (date(2026, 3, 5), date(2028, 3, 4))


@given(
    purchases=st.lists(
        st.tuples(st.integers(0, 1500), st.integers(1, 24)), min_size=1, max_size=8
    )
)
def test_nothing_that_was_paid_for_is_lost(purchases):
    """Terms of one tier never overlap, and none is shorter than what was paid."""
    terms = []
    for offset, months in sorted(purchases):
        paid_on = JOINED + timedelta(days=offset)
        term = next_term(GOLD, months, paid_on, terms)
        assert term.first >= paid_on
        assert all(term.first > other.last for other in terms)
        assert term.last - term.first >= timedelta(days=28 * months - 1)
        terms.append(term)
