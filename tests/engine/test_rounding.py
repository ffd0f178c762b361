"""One rule of rounding, and numbers that are none."""

from decimal import Decimal

import pytest
from engine.rounding import fits_scale, round_points, to_decimal
from engine.values import MAX_POINTS
from hypothesis import given
from hypothesis import strategies as st

POINTS = st.decimals(-MAX_POINTS, MAX_POINTS, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    "bad",
    [
        float("nan"),
        float("inf"),
        float("-inf"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        1e300,
        Decimal("1e300"),
        "1e300",
        -1e300,
        MAX_POINTS + 1,
        "12 points",
        "",
        "1,5",
        "1_000",
        None,
        [],
        [0, [1], 0],
        (0, (1,), 0),
        object(),
    ],
)
def test_what_is_no_honest_number_is_refused(bad):
    with pytest.raises(ValueError, match=r"not a|larger than"):
        to_decimal(bad)


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        (0.1, "0.1"),
        (0.1 + 0.2, "0.30000000000000004"),
        (7, "7"),
        ("12.50", "12.5"),
        (-3.25, "-3.25"),
        (1e12, "1000000000000"),
        (0.0, "0"),
    ],
)
def test_a_number_is_read_the_way_it_is_written(value, exact):
    assert to_decimal(value) == Decimal(exact)


@pytest.mark.parametrize(
    ("points", "scale", "rounded"),
    [
        ("9.999999", 0, "9"),
        ("9.99", 1, "9.9"),
        ("10", 0, "10"),
        ("-9.99", 0, "-9"),
        ("0.0000019", 6, "0.000001"),
        ("1e12", 6, "1e12"),
    ],
)
def test_points_are_cut_towards_zero(points, scale, rounded):
    assert round_points(Decimal(points), scale) == Decimal(rounded)


@given(POINTS, st.integers(0, 6))
def test_rounding_never_adds_a_point_to_either_side(points, scale):
    rounded = round_points(points, scale)
    assert abs(rounded) <= abs(points)
    assert abs(points - rounded) < Decimal(1).scaleb(-scale)


@given(POINTS, st.integers(0, 6))
def test_rounding_twice_is_rounding_once(points, scale):
    rounded = round_points(points, scale)
    assert round_points(rounded, scale) == rounded
    assert fits_scale(rounded, scale)


@pytest.mark.parametrize(
    ("points", "scale", "fits"),
    [("1.00", 0, True), ("1.5", 0, False), ("1.5", 1, True), ("0.001", 2, False)],
)
def test_a_point_has_as_many_decimals_as_the_programme_says(points, scale, fits):
    assert fits_scale(Decimal(points), scale) is fits
