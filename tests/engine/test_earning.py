"""What a basket earns: the rules of the programme, in the words of a shop."""

from decimal import Decimal

import pytest
from engine.earning import evaluate
from engine.values import Basket, BasketLine, EarnRule, EarnTerms

CD, COFFEE, BEANS = 1, 2, 3


def line(total, product=CD, quantity=1, untaxed=None, **more):
    return BasketLine(
        product_id=product,
        quantity=Decimal(quantity),
        total=Decimal(total),
        untaxed=Decimal(total if untaxed is None else untaxed),
        **more,
    )


def discount(total, untaxed=None):
    return line(total, product=None, untaxed=untaxed, is_discount=True)


def rule(mode="money", amount="1", rule_id=1, **more):
    return EarnRule(rule_id=rule_id, mode=mode, amount=Decimal(amount), **more)


def earn(*lines, rules=None, scale=0, codes=(), **terms):
    basket = Basket(lines=tuple(lines), code_rule_ids=frozenset(codes))
    return evaluate(basket, rules or [rule()], EarnTerms(scale=scale, **terms))


@pytest.mark.parametrize(
    ("total", "rate", "points"),
    [
        ("99.99", "1", 99),
        ("100.00", "1", 100),
        ("99.99", "0.1", 9),
        ("100.00", "0.1", 10),
        ("0.99", "1", 0),
        ("37.40", "2", 74),
    ],
)
def test_money_earns_whole_points_only(total, rate, points):
    assert earn(line(total), rules=[rule(amount=rate)]).points == points


def test_a_point_with_decimals_keeps_them():
    assert earn(line("9.99"), scale=2).points == Decimal("9.99")
    assert earn(line("9.99"), scale=1).points == Decimal("9.9")


def test_the_third_decimal_of_a_currency_is_not_rounded_up():
    assert earn(line("9.999")).points == 9
    assert earn(line("9.999"), scale=2).points == Decimal("9.99")


def test_units_earn_by_the_piece():
    stamps = [rule("unit", product_ids=frozenset({COFFEE}))]
    basket = [line("9.00", COFFEE, quantity=3), line("50.00")]
    assert earn(*basket, rules=stamps).points == 3


def test_an_order_earns_once_however_much_is_in_it():
    rules = [rule("order", "10")]
    assert earn(line("5"), line("500", COFFEE, 9), rules=rules).points == 10


def test_two_rules_on_one_order_add_up_and_each_is_explained():
    rules = [
        rule(rule_id=1),
        rule(amount="2", rule_id=2, product_ids=frozenset({BEANS})),
    ]
    earned = earn(line("10.00"), line("4.00", BEANS), rules=rules)
    assert earned.points == 14 + 8
    steps = earned.breakdown["rules"]
    assert [step["rule_id"] for step in steps] == [1, 2]
    assert [Decimal(step["points"]) for step in steps] == [14, 8]


def test_the_sum_of_the_rules_is_rounded_not_each_rule():
    rules = [
        rule(amount="0.5", rule_id=1, product_ids=frozenset({CD})),
        rule(amount="0.5", rule_id=2, product_ids=frozenset({BEANS})),
    ]
    assert earn(line("1"), line("1", BEANS), rules=rules).points == 1


def test_points_rest_on_the_price_after_the_discount():
    earned = earn(line("100"), discount("-30"))
    assert (earned.points, earned.base) == (70, 70)


def test_a_discount_is_shared_by_all_goods_in_proportion():
    only_cds = [rule(product_ids=frozenset({CD}))]
    basket = [line("60"), line("40", COFFEE), discount("-10")]
    assert earn(*basket, rules=only_cds).points == 54


def test_a_discount_larger_than_the_goods_earns_nothing():
    earned = earn(line("20"), discount("-25"))
    assert (earned.points, earned.base) == (0, 0)


def test_a_discount_is_no_unit_and_no_goods():
    assert earn(line("20"), discount("-5"), rules=[rule("unit")]).points == 1
    assert earn(discount("-5"), rules=[rule("order")]).points == 0


def test_the_base_is_exactly_what_was_paid():
    basket = [line("10"), line("20"), discount("-1")]
    assert earn(*basket).base == 29


def test_thirds_of_a_discount_do_not_lose_a_point():
    basket = [line("1"), line("1"), line("1"), discount("-1")]
    assert earn(*basket).points == 2


@pytest.mark.parametrize(
    ("paid", "points"), [("49.99", 0), ("50.00", 50), ("50.01", 50)]
)
def test_a_minimum_amount_is_reached_to_the_cent(paid, points):
    assert earn(line(paid), rules=[rule(minimum_amount=Decimal(50))]).points == points


def test_a_minimum_amount_counts_what_is_left_after_the_discount():
    rules = [rule(minimum_amount=Decimal(29))]
    thirds = [line("10"), line("20")]
    assert earn(*thirds, discount("-1"), rules=rules).points == 29
    assert earn(*thirds, discount("-1.01"), rules=rules).points == 0


def test_a_minimum_without_tax_looks_at_the_untaxed_amounts():
    incl = [rule(minimum_amount=Decimal(50))]
    excl = [rule(minimum_amount=Decimal(50), minimum_untaxed=True)]
    bought = line("59.50", untaxed="49.99")
    assert earn(bought, rules=incl).points == 59
    assert earn(bought, rules=excl).points == 0


def test_a_minimum_quantity_counts_the_matching_goods():
    rules = [rule(minimum_quantity=Decimal(3), product_ids=frozenset({COFFEE}))]
    assert earn(line("6", COFFEE, 2), line("9", CD, 9), rules=rules).points == 0
    assert earn(line("9", COFFEE, 3), rules=rules).points == 9


def test_a_rule_with_a_code_waits_for_the_code():
    rules = [rule(rule_id=7, needs_code=True)]
    assert earn(line("10"), rules=rules).points == 0
    assert earn(line("10"), rules=rules, codes=[7]).points == 10
    assert earn(line("10"), rules=rules, codes=[8]).points == 0


def test_a_return_earns_nothing():
    back = line("-30", quantity=-1)
    earned = earn(back)
    assert (earned.points, earned.base) == (0, 0)
    assert earn(back, rules=[rule("unit")]).points == 0


def test_a_return_within_a_purchase_lowers_it():
    earned = earn(line("100"), line("-30", quantity=-1))
    assert (earned.points, earned.base) == (70, 70)


def test_more_pieces_may_come_back_than_are_bought():
    earned = earn(line("100"), line("-2", BEANS, quantity=-2))
    assert earned.points == 98


def test_an_empty_basket_earns_nothing():
    earned = earn(rules=[rule(), rule("order"), rule("unit")])
    assert (earned.points, earned.base) == (0, 0)
    assert earned.breakdown["rules"] == []


def test_a_line_without_a_product_counts_for_rules_about_every_product_only():
    loose = line("10", product=None)
    assert earn(loose).points == 10
    assert earn(loose, rules=[rule(product_ids=frozenset({CD}))]).points == 0


def test_a_rule_that_takes_points_gives_none():
    assert earn(line("10"), rules=[rule(amount="-1")]).points == 0
