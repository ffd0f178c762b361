"""Parts that sum to the whole."""

from decimal import Decimal

import pytest
from engine.shares import split, to_text
from hypothesis import given
from hypothesis import strategies as st

amounts = st.decimals("-5000", "5000", allow_nan=False, allow_infinity=False, places=6)
weights = st.lists(amounts, min_size=1, max_size=12).filter(lambda w: sum(w) != 0)


@given(amounts, weights)
def test_the_parts_sum_to_the_whole(whole, weights):
    assert sum(split(whole, weights)) == whole


@given(amounts, weights)
def test_each_part_is_in_proportion_to_its_weight(whole, weights):
    total = sum(weights)
    for part, weight in zip(split(whole, weights), weights, strict=True):
        assert abs(part - whole * weight / total) < Decimal("1e-11")


def test_a_part_that_comes_out_even_is_exact_beside_thirds():
    parts = split(Decimal(8), [Decimal(1), Decimal(6), Decimal(1)])
    assert parts == [1, 6, 1]
    thirds = split(Decimal(1), [Decimal(1)] * 3)
    assert sum(thirds) == 1


def test_a_line_of_no_weight_gets_no_part():
    weights = [Decimal(2), Decimal(0), Decimal(1), Decimal(0)]
    parts = split(Decimal("0.1"), weights)
    assert (parts[1], parts[3]) == (0, 0)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("100", "100"),
        ("0.10", "0.1"),
        ("1E+2", "100"),
        ("0.000", "0"),
        ("-2.50", "-2.5"),
    ],
)
def test_numbers_are_written_without_exponent_and_idle_zeros(number, text):
    assert to_text(Decimal(number)) == text
