"""Which tier a member has reached, and how far the next one is."""

from datetime import date
from decimal import Decimal

import pytest
from engine.tiers import progress, qualify, window_start
from engine.values import TierRule
from hypothesis import given
from hypothesis import strategies as st

BRONZE, SILVER, GOLD = 1, 2, 3
TIERS = [
    TierRule(GOLD, Decimal(300)),
    TierRule(BRONZE, Decimal(0)),
    TierRule(SILVER, Decimal(100)),
]
metrics = st.decimals("-1000", "1000", places=2)


@st.composite
def ladders(draw):
    starts = draw(st.sets(st.decimals("0", "900", places=2), max_size=6))
    return [TierRule(number, start) for number, start in enumerate(starts, 1)]


@pytest.mark.parametrize(
    ("metric", "tier"),
    [
        ("0", BRONZE),
        ("99.99", BRONZE),
        ("100", SILVER),
        ("100.00", SILVER),
        ("299.99", SILVER),
        ("300", GOLD),
        ("1e9", GOLD),
    ],
)
def test_a_tier_is_reached_from_its_threshold_on(metric, tier):
    assert qualify(Decimal(metric), TIERS) == tier


def test_who_gave_back_more_than_counts_is_on_the_first_tier():
    assert qualify(Decimal("-5"), TIERS) == BRONZE


def test_below_the_first_threshold_there_is_no_tier():
    assert qualify(Decimal(99), [TierRule(SILVER, Decimal(100))]) is None
    assert qualify(Decimal(99), []) is None


def test_progress_names_the_next_tier_and_what_is_missing():
    ahead, missing, ratio = progress(Decimal(75), TIERS)
    assert (ahead.tier_id, missing, ratio) == (SILVER, 25, Decimal("0.75"))


def test_at_the_top_nothing_is_missing():
    assert progress(Decimal(300), TIERS) == (None, 0, 1)
    assert progress(Decimal(5), []) == (None, 0, 1)


@given(ladders(), metrics, metrics)
def test_who_has_more_is_never_lower(tiers, first, second):
    first, second = sorted((first, second))
    start = {tier.tier_id: tier.threshold for tier in tiers}
    low, high = qualify(first, tiers), qualify(second, tiers)
    assert start.get(low, -1) <= start.get(high, -1)


@given(ladders(), metrics)
def test_progress_and_tier_agree(tiers, metric):
    ahead, missing, ratio = progress(metric, tiers)
    assert 0 <= ratio <= 1
    assert missing >= 0
    if not ahead:
        assert ratio == 1
        return
    assert ratio < 1
    assert qualify(metric, tiers) != ahead.tier_id
    assert qualify(max(metric, Decimal(0)) + missing, tiers) == ahead.tier_id


def test_a_window_begins_so_many_months_ago_and_a_lifetime_never():
    assert window_start(date(2026, 8, 31), 6) == date(2026, 2, 28)
    assert window_start(date(2026, 8, 31), 0) is None
