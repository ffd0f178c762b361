from decimal import Decimal

from engine.splitting import share_to_return, take_parts
from hypothesis import given
from hypothesis import strategies as st

POINTS = st.integers(0, 10**6).map(Decimal)


def share(moved, pot, left, scale=0):
    return share_to_return(Decimal(moved), Decimal(pot), Decimal(left), scale)


def test_untouched_points_go_back_whole():
    assert share(30, 100, 100) == 30


def test_what_was_spent_is_borne_pro_rata():
    assert share(60, 150, 100) == 40
    assert share(60, 150, 0) == 0


def test_fractions_are_rounded_down_to_the_scale():
    assert share(10, 30, 29) == 9
    assert share(10, 30, 29, scale=2) == Decimal("9.66")


def test_a_debt_goes_back_whole():
    assert share(-40, 60, 0) == -40


def test_who_brought_all_bears_all():
    assert share(50, 30, 20) == 40


def test_points_that_only_paid_a_debt_go_back_and_leave_the_debt():
    assert share(50, -30, 0) == 50
    assert share(50, 0, 0) == 50


def test_nobody_gives_back_more_than_the_share():
    assert share(30, 100, -50) == 0


@given(own=POINTS, moved=POINTS, data=st.data())
def test_nobody_gets_back_more_than_they_brought_or_than_is_left(own, moved, data):
    left = data.draw(st.integers(0, int(own + moved)).map(Decimal))
    back = share_to_return(moved, own + moved, left, 0)
    assert 0 <= back <= moved
    assert back <= left or not moved


@given(st.lists(POINTS.filter(bool)), POINTS)
def test_parts_sum_up_to_what_is_wanted_or_to_all_there_is(points, wanted):
    parts = take_parts(list(enumerate(points)), wanted)
    assert sum(part for _lot, part in parts) == min(wanted, sum(points))
    assert all(0 < part <= points[lot] for lot, part in parts)
