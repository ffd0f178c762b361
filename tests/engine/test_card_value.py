"""Gift cards and eWallets never get more than was sold for them."""

from decimal import Decimal

import pytest
from engine.card_value import settle_gains
from hypothesis import given
from hypothesis import strategies as st

amounts = st.decimals("-1000", "1000", places=2)


def settle(gains, sold, certain=()):
    named = dict(enumerate(Decimal(gain) for gain in gains))
    settled = settle_gains(named, Decimal(sold), set(certain), 2)
    return [str(amount) for amount in settled.values()]


@pytest.mark.parametrize(
    ("gains", "sold", "expected"),
    [
        # As it should be, and less than was sold.
        (["50"], "50", ["50"]),
        (["50", "30"], "80", ["50", "30"]),
        (["20"], "50", ["20"]),
        # More than was sold, in all or for nothing.
        (["500"], "50", ["50"]),
        (["500", "500"], "100", ["50.00", "50.00"]),
        (["100", "100", "100"], "100", ["33.33", "33.33", "33.34"]),
        (["500"], "0", ["0"]),
        # From one card to another.
        (["-500", "500"], "0", ["0", "0"]),
        (["-500", "520"], "20", ["0", "20"]),
        # A top-up comes back.
        (["-50"], "-50", ["-50"]),
        (["-80"], "-50", ["-50"]),
        (["10"], "-50", ["0"]),
        # It is taken off once, whatever is said of how many cards.
        (["-50", "-50"], "-50", ["-25", "-25"]),
        (["-50", "-10", "30"], "-30", ["-25", "-5", "0"]),
    ],
)
def test_what_was_sold_is_given(gains, sold, expected):
    assert [Decimal(x) for x in settle(gains, sold)] == [Decimal(x) for x in expected]


def test_a_printed_card_keeps_what_it_holds_and_is_part_of_what_was_sold():
    assert settle(["50", "70"], "100", certain=[0]) == ["50", "50.00"]
    assert Decimal(settle(["50", "70"], "40", certain=[0])[1]) == 0


@given(st.lists(amounts, min_size=1, max_size=5), amounts)
def test_nobody_gains_what_nobody_bought(gains, sold):
    settled = settle_gains(dict(enumerate(gains)), sold, set(), 2)
    gained = [amount for amount in settled.values() if amount > 0]
    lost = [amount for amount in settled.values() if amount < 0]
    assert sum(gained) <= max(sold, 0)
    assert sum(lost) >= min(sold, 0)
    for card, wish in enumerate(gains):
        assert min(wish, 0) <= settled[card] <= max(wish, 0)
