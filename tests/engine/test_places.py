from decimal import Decimal

from engine.places import Place, spread
from hypothesis import given
from hypothesis import strategies as st

HOME = 1
ZERO = Decimal(0)


def place(account, lot_id, stayed, remaining=0):
    return Place(account, lot_id, Decimal(stayed), Decimal(remaining))


def take(wanted, *places, undone=(), home=HOME):
    return [
        (account, lot_id, int(points))
        for account, lot_id, points in spread(
            Decimal(wanted), places, dict(undone), home
        )
    ]


def test_unspent_points_go_first_wherever_they_are():
    assert take(50, place(1, 11, 40), place(2, 12, 60, 60)) == [(2, 12, 50)]


def test_each_account_answers_for_what_was_spent_from_it():
    parts = take(100, place(1, 11, 40), place(2, 12, 60, 10))
    assert parts == [(2, 12, 60), (1, None, 40)]


def test_of_what_was_spent_home_answers_first():
    places = place(1, 11, 40), place(2, 12, 60)
    assert take(50, *places, home=1) == [(1, None, 40), (2, None, 10)]
    assert take(50, *places, home=2) == [(2, None, 50)]


def test_no_account_answers_twice():
    places = place(1, 11, 40), place(2, 12, 60)
    undone = {2: Decimal(60)}
    assert take(40, *places, undone=undone) == [(1, None, 40)]


def test_home_answers_for_what_nothing_explains():
    assert take(10, place(2, 12, 4, 4)) == [(2, 12, 4), (1, None, 6)]


PLACES = st.lists(
    st.builds(
        lambda account, stayed, spent: (account, stayed, min(spent, stayed)),
        st.integers(1, 4),
        st.integers(0, 100),
        st.integers(0, 100),
    ),
    max_size=6,
)


@given(
    PLACES, st.integers(1, 300), st.dictionaries(st.integers(1, 4), st.integers(0, 99))
)
def test_parts_sum_up_and_nobody_but_home_gives_more_than_came(rows, wanted, undone):
    places = [
        place(account, number, stayed, stayed - spent)
        for number, (account, stayed, spent) in enumerate(rows)
    ]
    undone = {account: Decimal(points) for account, points in undone.items()}
    parts = spread(Decimal(wanted), places, undone, HOME)
    assert sum(points for _account, _lot, points in parts) == wanted
    assert all(points > 0 for _account, _lot, points in parts)
    for account in {row[0] for row in rows} - {HOME}:
        given_here = sum(points for owner, _lot, points in parts if owner == account)
        came = sum(row[1] for row in rows if row[0] == account)
        assert given_here <= max(came - undone.get(account, ZERO), ZERO)
