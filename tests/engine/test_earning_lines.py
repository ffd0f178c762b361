"""Which line of a document earned what: what an undo and a cashier read."""

from decimal import Decimal
from fractions import Fraction

import pytest
from engine.earning import cap, evaluate, subtract
from engine.rounding import round_points
from engine.values import Basket, BasketLine, EarnRule, EarnTerms
from hypothesis import given
from hypothesis import strategies as st

COFFEE, CAKE = 1, 2


def money(low, high):
    return st.decimals(low, high, allow_nan=False, allow_infinity=False, places=2)


@st.composite
def baskets(draw):
    goods = st.tuples(money(0, 900), st.integers(1, 9), st.sampled_from([COFFEE, CAKE]))
    returns = st.tuples(
        money(-90, 0), st.integers(-3, -1), st.sampled_from([COFFEE, CAKE])
    )
    lines = [
        BasketLine(product, Decimal(quantity), total, total / 2, ref=ref)
        for ref, (total, quantity, product) in enumerate(
            draw(st.lists(goods | returns, min_size=1, max_size=6))
        )
    ]
    for total in draw(st.lists(money(-40, 0), max_size=2)):
        lines.append(
            BasketLine(None, Decimal(1), total, total / 2, True, ref=len(lines))
        )
    due = max(sum((line.total for line in lines), Decimal(0)), Decimal(0))
    vouchers = draw(money(0, 50))
    return Basket(tuple(lines), due=due, vouchers=min(vouchers, due))


modes = st.sampled_from(["money", "unit", "order"])
rules = st.lists(
    st.builds(
        EarnRule,
        rule_id=st.integers(1, 9),
        mode=modes,
        amount=st.sampled_from([Decimal(x) for x in ("0.1", "1", "1.5", "7")]),
        product_ids=st.sampled_from([None, frozenset({COFFEE}), frozenset({CAKE})]),
    ),
    max_size=3,
)
terms = st.builds(
    EarnTerms,
    scale=st.integers(0, 3),
    rounding=st.sampled_from(["down", "half_up", "up"]),
    per_line=st.booleans(),
    untaxed=st.booleans(),
    multiplier=st.sampled_from([Decimal(1), Decimal("1.5"), Decimal("0.33")]),
)


def total_of(breakdown, name):
    return sum((Decimal(line[name]) for line in breakdown["lines"]), Decimal(0))


@given(baskets(), rules, terms)
def test_the_lines_sum_to_the_exact_points_and_to_the_base(basket, rules, terms):
    earned = evaluate(basket, rules, terms)
    assert total_of(earned.breakdown, "points") == Decimal(earned.breakdown["exact"])
    assert total_of(earned.breakdown, "base") == earned.base


@given(baskets(), rules, terms)
def test_the_exact_points_are_those_of_the_rules_times_the_multiplier(
    basket, rules, terms
):
    facts = evaluate(basket, rules, terms).breakdown
    steps = sum((Decimal(step["points"]) for step in facts["rules"]), Decimal(0))
    assert steps * terms.multiplier == Decimal(facts["exact"])


@given(baskets(), rules, terms)
def test_points_are_rounded_per_order_or_per_line_and_never_negative(
    basket, rules, terms
):
    earned = evaluate(basket, rules, terms)
    parts = [Decimal(line["points"]) for line in earned.breakdown["lines"]]
    if not terms.per_line:
        parts = [sum(parts, Decimal(0))]
    due = sum(
        (round_points(part, terms.scale, terms.rounding) for part in parts), Decimal(0)
    )
    assert earned.points == max(due, 0)


@given(baskets(), rules, terms, st.data())
def test_a_document_that_earns_in_steps_earns_the_same_in_the_end(
    basket, rules, terms, data
):
    steps = []
    for part in sorted(data.draw(st.lists(st.integers(0, 100), max_size=4))) + [100]:
        lines = tuple(
            BasketLine(**{**vars(line), "delivered": Fraction(part, 100)})
            for line in basket.lines
        )
        now = evaluate(
            Basket(lines, due=basket.due, vouchers=basket.vouchers), rules, terms
        )
        steps.append(subtract(now, steps))
    whole = evaluate(basket, rules, terms)
    assert all(step.points >= 0 for step in steps)
    assert sum(step.base for step in steps) == whole.base
    exact = sum(Decimal(step.breakdown["exact"]) for step in steps)
    assert exact == Decimal(whole.breakdown["exact"])
    if all(line.total >= 0 for line in basket.lines):
        assert sum(step.points for step in steps) == whole.points


@given(baskets(), rules, terms, st.decimals(0, 200, places=2))
def test_a_cap_is_never_exceeded_and_leaves_its_trace(basket, rules, terms, limit):
    free = evaluate(basket, rules, terms)
    capped = evaluate(basket, rules, EarnTerms(**{**vars(terms), "order_cap": limit}))
    assert capped.points <= limit
    assert (free.points > limit) == bool(capped.breakdown.get("caps"))
    assert capped.breakdown["lines"] == free.breakdown["lines"]
    assert capped.base == free.base


@given(baskets(), rules, terms)
def test_the_same_document_always_earns_the_same(basket, rules, terms):
    assert evaluate(basket, rules, terms) == evaluate(basket, rules, terms)


def bought(*totals, **more):
    lines = [
        BasketLine(COFFEE, Decimal(1), Decimal(total), Decimal(total), ref=ref)
        for ref, total in enumerate(totals)
    ]
    rule = EarnRule(rule_id=1, mode="money", amount=Decimal(1))
    return evaluate(Basket(tuple(lines)), [rule], EarnTerms(**more))


@pytest.mark.parametrize(
    ("rounding", "per_line", "points"),
    [
        ("down", False, 3),
        ("down", True, 2),
        ("half_up", False, 3),
        ("half_up", True, 4),
        ("up", False, 4),
        ("up", True, 4),
    ],
)
def test_two_lines_of_one_and_a_half_earn_by_the_rounding(rounding, per_line, points):
    totals = ("1.50", "1.60")
    assert bought(*totals, rounding=rounding, per_line=per_line).points == points


def test_a_limit_counts_what_others_have_earned_before():
    earned = bought("30")
    facts = {"per": "month"}
    assert cap(earned, None, facts, 0).points == 30
    assert cap(earned, Decimal(100), facts, 0, Decimal(70)).points == 30
    cut = cap(earned, Decimal(100), facts, 0, Decimal(90))
    assert cut.points == 10
    assert cut.breakdown["caps"] == [
        {"per": "month", "limit": "100", "before": "30", "used": "90"}
    ]
    assert cap(earned, Decimal(100), facts, 0, Decimal(500)).points == 0


def test_what_a_limit_leaves_fits_the_scale():
    assert bought("30", order_cap=Decimal("9.99")).points == 9


def test_a_third_that_comes_out_even_loses_no_point():
    line = BasketLine(COFFEE, Decimal(3), Decimal(12), Decimal(12), ref=1)
    third = BasketLine(**{**vars(line), "delivered": Fraction(1, 3)})
    rule = EarnRule(rule_id=1, mode="money", amount=Decimal(1))
    earned = evaluate(Basket((third,)), [rule], EarnTerms())
    assert (earned.points, earned.base) == (4, 4)
    assert earned.breakdown["partial"]


def test_what_a_gift_card_pays_earns_nothing_but_reaches_the_minimum():
    line = BasketLine(COFFEE, Decimal(1), Decimal(60), Decimal(50), ref=1)
    rule = EarnRule(
        rule_id=1, mode="money", amount=Decimal(1), minimum_amount=Decimal(60)
    )
    basket = Basket((line,), due=Decimal(80), vouchers=Decimal(20))
    assert evaluate(basket, [rule], EarnTerms()).points == 45
    assert evaluate(basket, [rule], EarnTerms(untaxed=True)).points == 37


def test_thirds_of_several_lines_that_come_out_even_lose_no_point():
    third = [
        BasketLine(
            COFFEE,
            Decimal(3),
            Decimal(10),
            Decimal(10),
            ref=ref,
            delivered=Fraction(1, 3),
        )
        for ref in range(3)
    ]
    rule = EarnRule(rule_id=1, mode="money", amount=Decimal(1))
    for rounding in ("down", "half_up", "up"):
        terms = EarnTerms(rounding=rounding)
        assert evaluate(Basket(tuple(third)), [rule], terms).points == 10
