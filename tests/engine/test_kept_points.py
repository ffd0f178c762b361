"""What stays of several postings of one document is rounded as one sum."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from engine.bonus import bonus_of
from engine.earning import evaluate, subtract
from engine.proration import (
    due_points,
    due_shares,
    grow_points,
    keep_points,
    kept_lines,
    kept_shares,
    make_step,
    snapshot,
)
from engine.values import Basket, BasketLine, EarnRule, EarnTerms
from hypothesis import given
from hypothesis import strategies as st

ONE = Decimal(1)
MONEY = EarnRule(1, "money", ONE)
NONE_LEFT, WHOLE = Fraction(0), Fraction(1)

roundings = st.sampled_from(["down", "half_up", "up"])
parts = st.fractions(0, 1, max_denominator=7)
prices = st.lists(st.decimals("0.01", 90, places=2), min_size=2, max_size=4)


def basket_of(*prices, cut=0, delivered=WHOLE, products=None):
    lines = [
        BasketLine(
            (products or {}).get(ref, 1),
            ONE,
            Decimal(price),
            Decimal(price),
            ref=ref,
            delivered=delivered,
        )
        for ref, price in enumerate(prices, 1)
    ]
    if cut:
        amount = -Decimal(cut)
        lines.append(BasketLine(9, ONE, amount, amount, is_discount=True, ref=99))
    return Basket(tuple(lines))


def earn(basket, *rules, **terms):
    """Return what a basket earns, with the snapshot of its goods."""
    earned = evaluate(basket, rules or (MONEY,), EarnTerms(**terms))
    facts = {**earned.breakdown, "goods": snapshot(basket)}
    return replace(earned, breakdown=facts)


def step_of(earned, kept, paid=None):
    facts = earned.breakdown
    share = kept_shares(facts, kept, paid)[0]
    return make_step(earned.points, facts, share, kept_lines(facts, kept, paid))


def keep(earned, kept):
    (points,) = keep_points([step_of(earned, kept)], 0)
    return points


def test_goods_that_earn_carry_the_discount_when_the_others_are_returned():
    rule = replace(MONEY, product_ids=frozenset([1]))
    basket = basket_of(50, 50, cut=10, products={2: 2})
    earned = earn(basket, rule)
    assert earned.points == 45
    # One good of 50 is left, with the discount of 10 on it.
    assert keep(earned, {2: NONE_LEFT}) == 40


def test_goods_without_the_discount_of_then_are_due_more_than_they_had():
    earned = earn(basket_of(100, cut=30))
    facts, share = earned.breakdown, due_shares(earned.breakdown, {}, WHOLE)[0]
    assert share == Fraction(10, 7)
    assert kept_shares(facts, {}, WHOLE) == (1, 1)
    step = make_step(earned.points, facts, share, kept_lines(facts, {}, WHOLE))
    assert due_points([step], 0) == [(70, 100)]
    assert keep_points([step], 0) == [70]


def test_points_on_units_and_on_money_of_one_order_feel_a_discount_apart():
    rules = (
        EarnRule(1, "unit", Decimal(100), product_ids=frozenset([1])),
        replace(MONEY, rule_id=2, product_ids=frozenset([2])),
    )
    basket = basket_of(1, 100, 100, cut=100, products={2: 2, 3: 3})
    earned = earn(basket, *rules)
    # The discount is worth as much as the good that is left: it was had for nothing.
    assert keep(earned, {1: NONE_LEFT, 3: NONE_LEFT}) == 0
    assert keep(earned, {2: NONE_LEFT, 3: NONE_LEFT}) == 100


def test_points_rounded_line_by_line_go_line_by_line():
    small, large = ["0.99"] * 20, ["1000"]
    earned = earn(basket_of(*small, *large), per_line=True)
    assert earned.points == 1000
    assert keep(earned, {21: NONE_LEFT}) == 0
    assert keep(earned, dict.fromkeys(range(1, 21), NONE_LEFT)) == 1000
    earned = earn(basket_of(*["0.01"] * 20, *large), per_line=True, rounding="up")
    assert earned.points == 1020
    assert keep(earned, dict.fromkeys(range(1, 21), NONE_LEFT)) == 1000


def test_the_money_of_a_step_is_that_of_its_own_goods():
    first = earn(replace(basket_of(40, 60), lines=basket_of(40).lines))
    whole = earn(basket_of(40, 60))
    second = subtract(whole, [first])
    facts = {**second.breakdown, "goods": whole.breakdown["goods"]}
    assert kept_shares(facts, {2: NONE_LEFT}) == (0, 0)
    assert kept_shares(facts, {1: NONE_LEFT}) == (1, 1)


def test_a_delivery_in_parts_has_its_part_of_the_discount():
    basket = basket_of(50, 50, cut=30)
    lines = [
        replace(line, delivered=Fraction(int(line.ref == 1))) for line in basket.lines
    ]
    earned = earn(replace(basket, lines=tuple(lines)))
    assert earned.points == 35
    assert keep(earned, {}) == 35
    cut = earned.breakdown["goods"][-1]
    assert (cut["ref"], cut["total"]) == (99, "-15")


def test_a_line_that_lost_worth_takes_nothing_from_the_others():
    first = earn(basket_of(50))
    whole = earn(basket_of(40, 60))
    second = subtract(whole, [first])
    assert second.points == second.base == 60
    assert [line["ref"] for line in second.breakdown["lines"]] == [2]
    less = subtract(earn(basket_of(40)), [first])
    assert (less.points, less.base) == (0, 0)


def test_a_deduction_of_its_own_line_counts_in_its_step():
    whole = earn(basket_of(50, 60, -30))
    second = subtract(whole, [earn(basket_of(50))])
    assert second.points == second.base == 30


def test_what_falls_under_a_limit_goes_in_parts_of_what_was_given():
    earned = earn(basket_of(60, 60), order_cap=Decimal(60))
    assert keep(earned, {1: NONE_LEFT}) == 30


def test_growing_in_small_steps_rounds_once():
    facts = {"scale": 0, "rounding": "up"}
    points, before = Decimal(0), {}
    for _step in range(10):
        points += grow_points(before, {1: Fraction(1, 10)}, facts)
        before = {1: before.get(1, 0) + Fraction(1, 10)}
    assert points == 1


@pytest.mark.parametrize("per_line", [False, True])
@given(prices, st.lists(parts, min_size=4, max_size=4), roundings)
def test_what_stays_is_what_the_kept_goods_earn(per_line, totals, kept, rounding):
    terms = {"per_line": per_line, "rounding": rounding}
    basket = basket_of(*totals)
    kept = dict(enumerate(kept, 1))
    left = [
        replace(
            line,
            total=line.total * part.numerator / part.denominator,
            untaxed=line.total * part.numerator / part.denominator,
        )
        for line in basket.lines
        if (part := kept[line.ref])
    ]
    most = earn(replace(basket, lines=tuple(left)), **terms).points if left else 0
    stays = keep(earn(basket, **terms), kept)
    # A basket is cut to six decimals of money, a return is not cut at all: what is
    # rounded, the lines or their sum, may miss a point by a hair.
    slack = 1 if rounding == "down" and not per_line else len(left)
    assert most <= stays <= most + slack
    if all(part in (0, 1) for part in kept.values()):
        assert stays == most


@given(prices, st.sampled_from(["1.1", "1.5", "3.33"]), roundings, st.data())
def test_a_bonus_and_its_earning_stay_as_one(totals, factor, rounding, data):
    basket = basket_of(*totals)
    base = earn(basket, rounding=rounding)
    whole = earn(basket, rounding=rounding, multiplier=Decimal(factor))
    bonus = bonus_of(whole, base, [])
    kept = {
        ref: Fraction(data.draw(st.integers(0, 1))) for ref in range(1, len(totals) + 1)
    }
    left = tuple(line for line in basket.lines if kept[line.ref])
    most = evaluate(
        Basket(left), (MONEY,), EarnTerms(rounding=rounding, multiplier=Decimal(factor))
    )
    own = [step_of(base, kept)]
    stays = sum(keep_points(own, 0))
    (extra,) = keep_points([step_of(bonus, kept)], 0, beside=own)
    # A bonus stays at most what it was: a return gives nothing.
    assert extra == min(most.points - stays, bonus.points)


def test_a_return_lets_no_bonus_grow():
    basket = basket_of("0.03", "13.47")
    base = earn(basket, rounding="half_up")
    whole = earn(basket, rounding="half_up", multiplier=Decimal("1.1"))
    bonus = bonus_of(whole, base, [])
    assert (base.points, bonus.points) == (14, 1)
    kept = {1: Fraction(0), 2: Fraction(1)}
    own = [step_of(base, kept)]
    assert keep_points(own, 0) == [13]
    assert keep_points([step_of(bonus, kept)], 0, beside=own) == [1]


@given(prices, roundings, st.integers(2, 5), st.data())
def test_steps_leave_no_more_than_one(totals, rounding, number, data):
    posted = []
    for step in range(1, number + 1):
        basket = basket_of(*totals, delivered=Fraction(step, number))
        posted.append(subtract(earn(basket, rounding=rounding), posted))
    whole = earn(basket_of(*totals), rounding=rounding)
    assert sum(step.points for step in posted) == whole.points
    kept = {ref: data.draw(parts) for ref in range(1, len(totals) + 1)}
    # The last step goes first, of each line.
    steps = []
    for index, step in enumerate(posted):
        own = {
            ref: min(max(part * number - index, NONE_LEFT), WHOLE)
            for ref, part in kept.items()
        }
        steps.append(step_of(step, own, WHOLE))
    stays, most = sum(keep_points(steps, 0)), keep(whole, kept)
    # Where another step has reached the next point, the customer may miss it.
    assert most - number < stays <= most
