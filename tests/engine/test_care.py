"""A care plan: until when it is sold, how long it lasts, what is left of it."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from engine import care
from hypothesis import given
from hypothesis import strategies as st

DELIVERED = date(2026, 3, 1)
ITEM = care.SoldItem(
    is_own=True,
    is_suited=True,
    sold=Decimal(2),
    returned=0,
    covered=0,
    delivered_on=DELIVERED,
)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


def refusal(wanted=1, today=DELIVERED, days=30, **changes):
    return care.find_sale_refusal(replace(ITEM, **changes), wanted, days, today)


def test_it_is_sold_until_the_last_day():
    assert refusal(today=date(2026, 3, 31)) is None
    assert refusal(today=date(2026, 4, 1)) == care.TOO_LATE
    assert refusal(today=DELIVERED, days=0) is None
    assert refusal(today=DELIVERED + care.DAY, days=0) == care.TOO_LATE


def test_what_is_on_its_way_is_never_too_late():
    assert refusal(today=date(2030, 1, 1), delivered_on=None) is None
    assert care.last_day_to_buy(None, 30) is None


def test_what_was_sold_in_time_may_be_paid_late():
    assert refusal(today=None) is None


@pytest.mark.parametrize(
    ("changes", "wanted", "reason"),
    [
        ({"is_own": False}, 1, care.NOT_OWN),
        ({"is_suited": False}, 1, care.NOT_COVERED),
        ({"returned": 2}, 1, care.RETURNED),
        ({"sold": Decimal("0.9")}, 1, care.RETURNED),
        ({"covered": 2}, 1, care.TAKEN),
        ({"covered": 1, "returned": 1}, 1, care.TAKEN),
        ({"covered": 1}, 2, care.TOO_MANY),
        ({"covered": 1}, 1, None),
    ],
)
def test_each_refusal_has_its_reason(changes, wanted, reason):
    assert refusal(wanted, **changes) == reason


def test_a_part_of_the_price_is_no_return():
    price, one, cent = Decimal(100), Decimal(1), Decimal("0.01")
    assert care.returned_units(Decimal(99), price, one, cent) == 0
    assert care.returned_units(Decimal(100), price, one, cent) == 1
    # Two halves of the price are one unit; more money than units is not more units.
    assert care.returned_units(Decimal(100), price, Decimal(2), cent) == 1
    assert care.returned_units(Decimal(250), price, one, cent) == 1
    assert care.returned_units(Decimal(0), Decimal(0), Decimal(2), cent) == 2
    third = Decimal(100) / 3
    assert care.returned_units(Decimal("33.33"), third, one, cent) == 1
    assert care.returned_units(Decimal("66.66"), third, Decimal(2), cent) == 2


def test_plans_whose_item_went_back_are_counted():
    assert care.count_orphans(replace(ITEM, covered=2)) == 0
    assert care.count_orphans(replace(ITEM, covered=1, returned=1)) == 0
    assert care.count_orphans(replace(ITEM, covered=2, returned=1)) == 1
    assert care.count_orphans(replace(ITEM, covered=2, returned=2)) == 2


def test_month_ends_are_clamped():
    term = care.care_term(1, date(2026, 1, 31), DELIVERED - timedelta(days=90))
    assert term == (date(2026, 1, 31), date(2026, 2, 27))
    assert care.care_term(12, date(2028, 2, 29), DELIVERED)[1] == date(2029, 2, 27)


@given(months=st.integers(1, 120), paid_on=DAYS, delivered_on=DAYS)
def test_no_day_that_was_paid_for_is_lost(months, paid_on, delivered_on):
    first, last = care.care_term(months, paid_on, delivered_on)
    assert first >= paid_on
    assert first >= delivered_on
    assert first in (paid_on, delivered_on)
    assert (last - first).days >= 28 * months - 1
    following, _end = care.care_term(months, last + care.DAY, delivered_on)
    assert following == last + care.DAY


def test_claims_are_counted():
    states = ["new", "accepted", "done", "refused", "cancelled"]
    assert care.claims_left(5, states) == 2
    assert care.claims_left(2, states) == 0
    assert care.claims_left(2, []) == 2


def test_a_claim_needs_a_running_plan():
    term = (date(2026, 3, 1), date(2027, 2, 28))
    find = care.find_claim_refusal
    assert find(True, term, 1, term[0]) is None
    assert find(True, term, 1, term[1]) is None
    assert find(False, (None, None), 1, term[0]) == care.NOT_RUNNING
    assert find(True, term, 1, term[0] - care.DAY) == care.NOT_YET
    assert find(True, term, 1, term[1] + care.DAY) == care.OVER
    assert find(True, term, 0, term[0]) == care.NONE_LEFT


@given(taken=st.sets(st.integers(0, 9)), count=st.integers(0, 9))
def test_numbers_are_new_and_the_lowest(taken, count):
    numbers = care.free_numbers(taken, count)
    assert len(numbers) == count
    assert numbers == sorted(set(numbers) - taken)
    assert all(
        free in taken or free in numbers for free in range(max(numbers, default=0))
    )


CASES = json.loads((Path(__file__).parents[1] / "cases" / "care.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_plans_find_their_items(case):
    """The till asks the same of its own twin of this function."""
    assert care.assign(case["wants"], case["free"]) == case["found"]


@given(
    wants=st.lists(st.lists(st.sampled_from("abc"), unique=True), max_size=5),
    free=st.fixed_dictionaries({item: st.integers(0, 2) for item in "abc"}),
)
def test_as_many_plans_as_can_be_find_an_item(wants, free):
    found = care.assign(wants, free)
    for item, wanted in zip(found, wants, strict=True):
        assert item is None or item in wanted
    assert all(found.count(item) <= units for item, units in free.items())
    assert len(wants) - found.count(None) == _most(wants, free)


def _most(wants, free):
    """Return how many plans can have an item, by trying everything."""
    if not wants:
        return 0
    without = _most(wants[1:], free)
    return max(
        [without]
        + [
            1 + _most(wants[1:], free | {item: free[item] - 1})
            for item in wants[0]
            if free[item]
        ]
    )
