"""What a multiplier adds is the difference of two wholes, each rounded once."""

from decimal import Decimal
from fractions import Fraction

from engine.bonus import bonus_of, combine, multiply
from engine.earning import evaluate, subtract
from engine.proration import kept_shares, snapshot, taken_back
from engine.values import ZERO, Basket, BasketLine, Earned, EarnRule, EarnTerms
from hypothesis import given
from hypothesis import strategies as st

GOLD = [{"factor": "1.5", "name": "Gold"}]
RULE = EarnRule(rule_id=1, mode="money", amount=Decimal(1))


def basket_of(*totals, delivered=Fraction(1)):
    return Basket(
        tuple(
            BasketLine(
                product_id=number,
                quantity=Decimal(1),
                total=Decimal(total),
                untaxed=Decimal(total),
                ref=number,
                delivered=delivered,
            )
            for number, total in enumerate(totals, 1)
        )
    )


def earn(basket, factor=1, **terms):
    return evaluate(basket, [RULE], EarnTerms(multiplier=Decimal(factor), **terms))


def bonus(basket, factors=GOLD, **terms):
    base = earn(basket, **terms)
    return bonus_of(earn(basket, combine(factors), **terms), base, factors)


def test_factors_multiply():
    assert combine([]) == 1
    assert combine([*GOLD, {"factor": "2"}]) == 3


def test_the_whole_is_rounded_once():
    assert bonus(basket_of("37.50")).points == 19
    assert bonus(basket_of("100")).points == 50


def test_a_factor_below_one_takes_nothing():
    assert bonus(basket_of("100"), [{"factor": "0.5"}]).points == 0


def test_lines_without_a_bonus_are_not_told():
    assert bonus(basket_of("100"), [{"factor": "1"}]).breakdown["lines"] == []


def test_the_bonus_rests_on_no_money():
    assert bonus(basket_of("100")).base == ZERO


def test_what_a_grown_order_earns_is_multiplied_by_its_breakdown():
    base = earn(basket_of("37.50"))
    assert multiply(base, Decimal("1.5")).points == 56
    assert multiply(base, Decimal("1.5"), Decimal(60), Decimal(10)).points == 50


def test_what_a_grown_order_had_before_is_rounded_with_it():
    base = earn(basket_of("37.50"))
    before = {1: Fraction("0.75")}
    assert multiply(base, Decimal("1.5"), before=before).points == 57


def test_points_on_units_are_multiplied_as_such():
    facts = {
        "lines": [{"ref": 1, "base": "20", "points": "10", "fixed": "10"}],
        "exact": "10",
        "scale": 0,
        "rounding": "down",
    }
    base = Earned(Decimal(10), Decimal(20), facts)
    (line,) = multiply(base, Decimal("1.5")).breakdown["lines"]
    assert (line["points"], line["fixed"]) == ("15", "15")


@given(
    st.lists(st.decimals("0.01", 500, places=2), min_size=1, max_size=4),
    st.sampled_from(["1.1", "1.5", "2", "3.33"]),
    st.sampled_from(["down", "half_up", "up"]),
    st.integers(2, 7),
)
def test_steps_of_a_delivery_sum_to_the_whole(totals, factor, rounding, steps):
    factors = [{"factor": factor, "name": "Gold"}]
    posted = []
    for step in range(1, steps + 1):
        basket = basket_of(*totals, delivered=Fraction(step, steps))
        posted.append(subtract(bonus(basket, factors, rounding=rounding), posted))
    whole = bonus(basket_of(*totals), factors, rounding=rounding)
    most = max(sum(p.points for p in posted[:n]) for n in range(1, len(posted) + 1))
    # What was posted is never taken back: a step may have been a point ahead.
    assert whole.points <= most <= whole.points + 1


@given(
    st.decimals("0.01", 500, places=2),
    st.sampled_from(["1.1", "1.5", "2", "3.33"]),
    st.sampled_from(["down", "half_up", "up"]),
    st.lists(st.fractions(0, 1, max_denominator=12), min_size=1, max_size=5),
)
def test_returns_in_parts_sum_to_the_whole(total, factor, rounding, parts):
    basket = basket_of(total)
    got = bonus(basket, [{"factor": factor, "name": "Gold"}], rounding=rounding)
    facts = {**got.breakdown, "goods": snapshot(basket)}
    gone = ZERO
    for part in [*sorted(parts, reverse=True), Fraction(0)]:
        share, _money = kept_shares(facts, {1: part})
        back = taken_back(got.points, facts, share, 0)
        assert gone <= back <= got.points
        gone = back
    assert gone == got.points
