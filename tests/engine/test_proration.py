"""What comes back is what was given: exactly, in any order, never twice."""

from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from engine.proration import (
    describe_return,
    kept_amount,
    kept_shares,
    snapshot,
    spread_last_first,
    standing,
    still_spent,
    taken_back,
    taken_base,
)
from engine.rounding import round_points
from engine.values import Basket, BasketLine
from hypothesis import given
from hypothesis import strategies as st

ONE = Decimal(1)
shares = st.fractions(0, 1, max_denominator=50)
scales = st.integers(0, 3)


def amounts(low, high, places=2):
    return st.decimals(low, high, allow_nan=False, allow_infinity=False, places=places)


def make_breakdown(totals, discount="0", rate="1", mode="money"):
    """Return a breakdown as the engine of earning makes it, for one rule."""
    lines = [
        BasketLine(1, ONE, Decimal(total), Decimal(total), ref=number)
        for number, total in enumerate(totals, 1)
    ]
    gross = sum((line.total for line in lines), Decimal(0))
    cut = Decimal(discount)
    if cut:
        lines.append(BasketLine(2, ONE, -cut, -cut, is_discount=True, ref=99))
    base = gross if mode == "money" else Decimal(len(totals))
    base -= cut if mode == "money" else 0
    exact = base * Decimal(rate)
    return {
        "goods": snapshot(Basket(tuple(lines))),
        "rules": [{"mode": mode, "points": str(exact)}],
        "exact": str(exact),
        "rounding": "down",
    }


def take(breakdown, kept, scale=0):
    points = round_points(Decimal(breakdown["exact"]), scale)
    return taken_back(points, breakdown, kept_shares(breakdown, kept)[0], scale)


def test_half_of_the_goods_take_half_of_the_points():
    breakdown = make_breakdown([50, 50])
    assert take(breakdown, {1: Fraction(0)}) == 50


def test_thirds_come_out_even():
    breakdown = make_breakdown(["1.5", "1.5", "1.5"])
    assert breakdown["exact"] == "4.5"
    assert take(breakdown, {1: Fraction(0)}) == 1
    assert take(breakdown, {1: Fraction(0), 2: Fraction(0)}) == 3
    assert take(breakdown, {1: Fraction(0), 2: Fraction(0), 3: Fraction(0)}) == 4


def test_the_goods_that_stay_go_on_carrying_the_discount():
    breakdown = make_breakdown([50, 50], discount="5")
    assert take(breakdown, {1: Fraction(0)}) == 50
    both_halves = {1: Fraction(0), 99: Fraction(1, 2)}
    assert take(breakdown, both_halves) == 48


def test_a_discount_given_afterwards_takes_its_points():
    breakdown = make_breakdown([50, 50])
    paid = standing(Fraction(100), Fraction(20))
    share, base_share = kept_shares(breakdown, {}, paid)
    assert share == base_share == Fraction(4, 5)


def test_points_per_unit_do_not_feel_a_discount():
    breakdown = make_breakdown([50, 50], discount="5", rate="10", mode="unit")
    assert take(breakdown, {1: Fraction(0)}) == 10


def test_what_came_on_top_is_measured_by_the_part_that_was_paid_then():
    breakdown = make_breakdown([100], discount=20)
    half = Fraction(1, 2)
    # Without saying more, four fifths of the price were paid: 80 points.
    assert kept_shares(breakdown, {}, half)[0] == Fraction(5, 8)
    assert kept_shares({**breakdown, "paid": "1/2"}, {}, half) == (1, 1)


def test_a_gift_for_nothing_is_no_good_that_could_come_back():
    gifts = [
        BasketLine(3, ONE, total, total, is_gift=True, ref=ref)
        for ref, total in ((7, Decimal(0)), (8, Decimal(-5)))
    ]
    goods = snapshot(Basket((BasketLine(1, ONE, ONE, ONE, ref=1), *gifts)))
    assert [good["ref"] for good in goods] == [1, 8]


def test_goods_that_cost_nothing_earned_nothing():
    assert kept_shares(make_breakdown([0]), {1: Fraction(1, 2)}) == (0, 0)


def test_a_discount_beyond_the_price_leaves_nothing_to_be_paid():
    assert standing(Decimal(10), Decimal(20)) == 0


def test_goods_for_less_than_their_discount_leave_nothing():
    breakdown = make_breakdown([4, 96], discount="10")
    assert take(breakdown, {2: Fraction(0)}) == 90


def test_an_entry_that_was_capped_goes_back_in_parts_of_what_was_posted():
    breakdown = {**make_breakdown([50, 50]), "exact": "100"}
    share = kept_shares(breakdown, {1: Fraction(0)})[0]
    assert taken_back(Decimal(40), breakdown, share, 0) == 20


def test_an_entry_without_lines_goes_back_by_its_share():
    assert taken_back(Decimal(7), {}, Fraction(1, 2), 0) == 4
    assert taken_base(Decimal("7.55"), Fraction(1, 3)) == Decimal("5.04")


def test_the_lines_own_points_decide_where_they_are_known():
    breakdown = make_breakdown([50, 50])
    breakdown["lines"] = [
        {"ref": 1, "base": "50", "points": "90"},
        {"ref": 2, "base": "50", "points": "10"},
    ]
    assert take(breakdown, {1: Fraction(0)}) == 90


def test_an_explanation_tells_of_the_goods_that_came_back_and_of_no_discount():
    breakdown = make_breakdown([50, 50], discount="5")
    half = {1: Fraction(1, 2), 99: Fraction(1, 2)}
    told = {"product_id": 1, "quantity": "1", "share": "1/2"}
    assert describe_return(breakdown, half) == [told]


def test_a_reward_comes_back_in_parts_rounded_in_the_shops_favour():
    assert still_spent(Decimal(100), Fraction(1, 3), 0) == 34
    assert still_spent(Decimal(100), Fraction(0), 0) == 0
    assert still_spent(Decimal(100), Fraction(1), 0) == 100


@given(
    st.lists(amounts("0.01", "500"), min_size=1, max_size=5),
    st.sampled_from(["0", "0.5", "7"]),
    st.sampled_from(["0.1", "1", "1.5", "10"]),
    st.lists(st.dictionaries(st.integers(1, 5), shares), max_size=6),
    scales,
)
def test_returns_in_parts_sum_to_the_whole(totals, discount, rate, steps, scale):
    if Decimal(discount) >= sum(totals):
        discount = "0"
    breakdown = make_breakdown(totals, discount, rate)
    points = round_points(Decimal(breakdown["exact"]), scale)
    kept = dict.fromkeys(range(1, len(totals) + 1), Fraction(1))
    taken = before = Decimal(0)
    everything = dict.fromkeys([*kept, 99], Fraction(0))
    for step in [*steps, everything]:
        for ref in kept:
            kept[ref] = min(kept[ref], step.get(ref, Fraction(1)))
        if step is everything:
            kept[99] = Fraction(0)
        target = take(breakdown, kept, scale)
        assert before <= target <= points
        taken += target - before
        before = target
    assert taken == points


@given(
    st.lists(amounts("0.01", "500"), min_size=1, max_size=5),
    st.lists(shares, min_size=5, max_size=5),
    st.sampled_from(["0.1", "1", "1.5", "10"]),
    scales,
)
def test_what_stays_is_what_the_kept_goods_earn(totals, parts, rate, scale):
    breakdown = make_breakdown(totals, rate=rate)
    points = round_points(Decimal(breakdown["exact"]), scale)
    kept = dict(enumerate(parts[: len(totals)], 1))
    money = sum(Fraction(t) * part for t, part in zip(totals, parts, strict=False))
    stays = points - take(breakdown, kept, scale)
    due = money * Fraction(rate)
    step = Fraction(Decimal(1).scaleb(-scale))
    assert due - step < Fraction(stays) <= due


@given(amounts("0", "5000"), st.lists(shares, max_size=6))
def test_money_in_parts_sums_to_the_whole(base, parts):
    before = Decimal(0)
    for share in [*sorted(parts, reverse=True), Fraction(0)]:
        target = taken_base(base, share)
        assert before <= target <= base
        before = target
    assert before == base


@given(amounts("0", "5000"), shares, scales)
def test_a_reward_never_gives_back_more_than_it_cost(cost, share, scale):
    cost = cost.quantize(Decimal(1).scaleb(-scale), rounding=ROUND_DOWN)
    assert 0 <= cost - still_spent(cost, share, scale) <= cost
    assert Fraction(still_spent(cost, share, scale)) >= Fraction(cost) * share


def test_goods_credited_and_then_taken_off_the_order_are_gone_once():
    assert kept_amount(5, 5, 5, 2) == 3
    assert kept_amount(5, 3, 5, 2) == 3


def test_goods_taken_off_before_the_invoice_and_credited_later_are_gone_both():
    assert kept_amount(5, 3, 3, 1) == 2


def test_goods_invoiced_anew_after_a_credit_note_are_there_again():
    assert kept_amount(5, 5, 5, 5) == 0
    assert kept_amount(5, 5, 10, 5) == 5


def test_what_is_not_invoiced_yet_is_kept():
    assert kept_amount(5, 5, 2, 1) == 4


def test_goods_ordered_anew_after_a_credit_note_are_there_again():
    assert kept_amount(3, 4, 3, 3) == 1
    assert kept_amount(3, 5, 3, 1) == 3


@given(*[st.integers(0, 20)] * 4)
def test_nobody_keeps_more_than_earned_or_less_than_nothing(
    posted, ordered, invoiced, credited
):
    kept = kept_amount(posted, ordered, invoiced, credited)
    assert 0 <= kept <= min(posted, ordered)
    assert kept_amount(posted, ordered, invoiced, credited + 1) <= kept


@given(st.integers(0, 50), st.lists(st.integers(0, 20), max_size=5))
def test_what_came_last_goes_first(total, parts):
    spread = spread_last_first(total, parts)
    assert sum(spread) == min(total, sum(parts))
    for number, share in enumerate(spread):
        assert 0 <= share <= parts[number]
        if share:
            assert spread[number + 1 :] == parts[number + 1 :]
