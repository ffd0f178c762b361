"""What holds for every basket there is."""

import json
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from engine.earning import evaluate
from engine.values import Basket, BasketLine, EarnRule, EarnTerms
from hypothesis import given
from hypothesis import strategies as st

PRODUCTS = (1, 2, 3, 4)


def money(low, high, places=2):
    return st.decimals(low, high, allow_nan=False, allow_infinity=False, places=places)


def make_line(total, product, quantity=Decimal(1), is_discount=False):
    return BasketLine(product, quantity, total, total, is_discount)


goods = st.builds(
    make_line,
    money("0", "5000"),
    st.sampled_from(PRODUCTS),
    st.decimals(1, 50, places=0),
)
returns = st.builds(
    make_line,
    money("-500", "0"),
    st.sampled_from(PRODUCTS),
    st.decimals(-5, -1, places=0),
)
discounts = st.builds(
    make_line, money("-300", "0"), st.none(), st.just(Decimal(1)), st.just(True)
)
baskets = st.lists(goods | discounts, min_size=1, max_size=8)
mixed_baskets = st.lists(goods | returns | discounts, max_size=8)
rates = st.sampled_from([Decimal(x) for x in ("0.01", "0.1", "0.5", "1", "1.5", "10")])
scales = st.integers(0, 6)


def by_product(rate, products, rule_id=1):
    return EarnRule(rule_id, "money", rate, frozenset(products))


def earn(lines, rules, scale):
    return evaluate(Basket(tuple(lines)), rules, EarnTerms(scale=scale))


def paid(lines):
    return sum((line.total for line in lines), Decimal(0))


@given(mixed_baskets, rates, scales)
def test_one_rule_gives_the_rate_times_what_was_paid_and_never_more(lines, rate, scale):
    earned = earn(lines, [EarnRule(1, "money", rate)], scale)
    due = Fraction(max(paid(lines), Decimal(0))) * Fraction(rate)
    gross = sum((li.total for li in lines if not li.is_discount), Decimal(0))
    if gross <= 0:
        assert earned.points == 0
        return
    unit = Decimal(1).scaleb(-scale)
    exact = Decimal(due.numerator) / Decimal(due.denominator)
    assert earned.points == exact.quantize(unit, rounding=ROUND_FLOOR)


@given(baskets, rates, scales)
def test_rules_that_share_the_products_out_never_give_more_than_one_rule_for_all(
    lines, rate, scale
):
    apart = earn(lines, [by_product(rate, {p}, p) for p in PRODUCTS], scale)
    whole = earn(lines, [by_product(rate, PRODUCTS)], scale)
    assert apart.points <= whole.points
    # Each share is cut at the sixth decimal of the money, never rounded up.
    cuts = len(PRODUCTS) * rate * Decimal("0.000001")
    assert whole.points - apart.points <= Decimal(1).scaleb(-scale) + cuts


@given(mixed_baskets)
def test_the_base_is_what_was_paid_for_goods_and_never_negative(lines):
    gross = sum((li.total for li in lines if not li.is_discount), Decimal(0))
    base = earn(lines, [EarnRule(1, "money", Decimal(1))], 0).base
    assert base == (max(paid(lines), Decimal(0)) if gross > 0 else 0)


@given(mixed_baskets, rates, scales)
def test_points_are_never_negative_and_fit_the_scale(lines, rate, scale):
    rules = [
        EarnRule(1, "money", rate),
        EarnRule(2, "unit", rate),
        EarnRule(3, "order", rate),
    ]
    points = earn(lines, rules, scale).points
    assert points >= 0
    assert points == points.quantize(Decimal(1).scaleb(-scale))


@given(baskets, rates, scales)
def test_a_discount_never_makes_a_basket_earn_more(lines, rate, scale):
    rules = [by_product(rate, {1}), EarnRule(2, "unit", rate)]
    full = [line for line in lines if not line.is_discount]
    assert earn(lines, rules, scale).points <= earn(full, rules, scale).points


@given(baskets, rates, scales, st.randoms(use_true_random=False))
def test_the_order_of_lines_and_rules_does_not_matter(lines, rate, scale, random):
    rules = [by_product(rate, {p}, p) for p in PRODUCTS]
    first = earn(lines, rules, scale)
    random.shuffle(lines)
    random.shuffle(rules)
    second = earn(lines, rules, scale)
    assert (first.points, first.base) == (second.points, second.base)


@given(mixed_baskets, rates, scales)
def test_the_breakdown_survives_json_and_adds_up(lines, rate, scale):
    rules = [by_product(rate, {p}, p) for p in PRODUCTS]
    earned = earn(lines, rules, scale)
    facts = json.loads(json.dumps(earned.breakdown))
    steps = sum((Decimal(step["points"]) for step in facts["rules"]), Decimal(0))
    assert steps == Decimal(facts["exact"])
    assert earned.points <= steps
