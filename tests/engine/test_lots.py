"""Which points are spent first."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from engine.lots import allocate, spending_order
from hypothesis import given
from hypothesis import strategies as st

JAN, FEB, MAR = date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)

amounts = st.decimals("0.01", "500", places=2)
expiries = st.none() | st.dates(date(2026, 1, 1), date(2026, 3, 1))


@st.composite
def lots(draw):
    rests = draw(st.lists(st.tuples(expiries, amounts), max_size=10))
    return [(number, expiry, rest) for number, (expiry, rest) in enumerate(rests)]


@st.composite
def demands(draw):
    return list(enumerate(draw(st.lists(amounts, max_size=10)), start=100))


def total(pairs):
    return sum((points for *_ids, points in pairs), Decimal(0))


def test_the_soonest_to_expire_is_spent_first_and_what_never_expires_last():
    supply = [(1, None, Decimal(9)), (2, MAR, Decimal(9)), (3, JAN, Decimal(9))]
    assert allocate(supply, [(7, Decimal(20))]) == [(7, 3, 9), (7, 2, 9), (7, 1, 2)]


def test_of_two_that_expire_together_the_older_goes_first():
    supply = [(5, FEB, Decimal(1)), (4, FEB, Decimal(1))]
    assert allocate(supply, [(7, Decimal(1))]) == [(7, 4, 1)]


def test_the_older_demand_is_served_first():
    uses = allocate([(1, None, Decimal(5))], [(7, Decimal(4)), (8, Decimal(4))])
    assert uses == [(7, 1, 4), (8, 1, 1)]


def test_without_points_nothing_is_spent():
    assert allocate([], [(7, Decimal(4))]) == []
    assert allocate([(1, None, Decimal(5))], []) == []


@given(lots(), demands())
def test_as_much_is_spent_as_there_is_and_as_is_wanted(supply, wanted):
    assert total(allocate(supply, wanted)) == min(total(supply), total(wanted))


@given(lots(), demands())
def test_no_lot_gives_more_than_it_has_and_no_demand_gets_more_than_it_wants(
    supply, wanted
):
    given_by, got = defaultdict(Decimal), defaultdict(Decimal)
    for demand_id, lot_id, points in allocate(supply, wanted):
        assert points > 0
        given_by[lot_id] += points
        got[demand_id] += points
    rests = {lot_id: rest for lot_id, _expiry, rest in supply}
    asked = dict(wanted)
    assert all(points <= rests[lot_id] for lot_id, points in given_by.items())
    assert all(points <= asked[demand_id] for demand_id, points in got.items())


@given(lots(), demands())
def test_a_lot_is_touched_only_when_all_before_it_are_empty(supply, wanted):
    left = {lot_id: rest for lot_id, _expiry, rest in supply}
    for _demand_id, lot_id, points in allocate(supply, wanted):
        left[lot_id] -= points
    order = [lot_id for lot_id, _expiry, _rest in spending_order(supply)]
    rests = [left[lot_id] for lot_id in order]
    started = [
        number
        for number, (lot, rest) in enumerate(zip(order, rests, strict=True))
        if rest != {i: r for i, _e, r in supply}[lot]
    ]
    if started:
        assert all(rest == 0 for rest in rests[: started[-1]])


@given(lots(), demands())
def test_the_order_in_which_lots_are_named_does_not_matter(supply, wanted):
    assert allocate(supply, wanted) == allocate(supply[::-1], wanted)
