"""How many points may be spent: the cases that the till answers alike, and more."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from engine.choice import ChoiceRange, ChoiceTerms, find_fault, get_range
from hypothesis import given
from hypothesis import strategies as st

CASES = json.loads(
    (Path(__file__).parents[1] / "cases" / "points_choice.json").read_text("utf-8")
)


def terms_of(case):
    maximum = case.get("maximum")
    return ChoiceTerms(
        value=Decimal(case["value"]),
        minimum=Decimal(case["minimum"]),
        step=Decimal(case["step"]),
        maximum=None if maximum is None else Decimal(maximum),
        scale=case.get("scale", 0),
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_range(case):
    found = get_range(terms_of(case), Decimal(case["balance"]), Decimal(case["worth"]))
    assert float(found.lowest) == case["lowest"]
    assert float(found.highest) == case["highest"]
    assert found.limit == case["limit"]


CHOICES = ChoiceRange(Decimal(50), Decimal(90), Decimal(20), "balance")


@pytest.mark.parametrize(
    ("wish", "fault"),
    [
        (70, None),
        ("70", None),
        (" 70 ", None),
        (70.0, None),
        (90, None),
        (110, "many"),
        ("1e11", "many"),
        (10, "few"),
        (0, "few"),
        (-70, "few"),
        (60, "step"),
        (70.5, "decimals"),
        ("70,5", "number"),
        ("abc", "number"),
        ("", "number"),
        ("NaN", "number"),
        (float("nan"), "number"),
        (float("inf"), "number"),
        ("1e300", "number"),
        (1e300, "number"),
        (True, "number"),
        ([70], "number"),
        ({}, "number"),
    ],
)
def test_a_bad_wish_is_told(wish, fault):
    assert find_fault(CHOICES, wish) == fault


@given(
    st.decimals(1, 500, places=0),
    st.decimals(1, 60, places=0),
    st.decimals("0.01", 5, places=2),
    st.decimals(-100, 5000, places=0),
    st.decimals(0, 900, places=2),
)
def test_the_range_keeps_its_promises(minimum, step, value, balance, worth):
    found = get_range(ChoiceTerms(value, minimum, step), balance, worth)
    if found.is_empty:
        assert minimum > balance or minimum * value >= worth
        return
    assert minimum <= found.highest <= balance
    # The last point is begun, no more.
    assert (found.highest - 1) * value < worth
    assert find_fault(found, found.highest) is None
    # One step more would be too many.
    more = found.highest + step
    assert more > balance or (more - 1) * value >= worth


@given(st.decimals(-10, 200, places=1))
def test_what_fits_is_a_choice_no_higher_than_wished(points):
    fitting = CHOICES.fit(points)
    if fitting is None:
        assert points < CHOICES.lowest
    else:
        assert fitting <= points
        assert find_fault(CHOICES, fitting) is None
