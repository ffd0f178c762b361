"""The cases that the engine and the till answer alike: tests/cases/earning.json."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from engine.earning import cap, evaluate
from engine.values import Basket, BasketLine, EarnRule, EarnTerms

CASES = json.loads(
    (Path(__file__).parents[1] / "cases" / "earning.json").read_text(encoding="utf-8")
)


def read_line(line):
    kind = line.get("kind")
    return BasketLine(
        product_id=line.get("product"),
        quantity=Decimal(line.get("quantity", "1")),
        total=Decimal(line["total"]),
        untaxed=Decimal(line.get("untaxed", line["total"])),
        is_discount=kind == "discount",
        is_gift=kind == "gift",
    )


def read_rule(rule):
    products = rule.get("products")
    return EarnRule(
        rule_id=rule.get("id", 1),
        mode=rule["mode"],
        amount=Decimal(rule["rate"]),
        product_ids=None if products is None else frozenset(products),
        minimum_quantity=Decimal(rule.get("minimum_quantity", "0")),
        minimum_amount=Decimal(rule.get("minimum_amount", "0")),
        minimum_untaxed=rule.get("minimum_untaxed", False),
        needs_code=rule.get("code", False),
    )


def read_terms(terms):
    limit = terms.get("order_cap")
    values = {"order_cap": None if limit is None else Decimal(limit)}
    if "multiplier" in terms:
        values["multiplier"] = Decimal(terms["multiplier"])
    return EarnTerms(**{**terms, **values})


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_engine_answers(case):
    basket = Basket(
        lines=tuple(read_line(line) for line in case["lines"]),
        code_rule_ids=frozenset(case.get("codes", ())),
        due=Decimal(case.get("due", "0")),
        vouchers=Decimal(case.get("vouchers", "0")),
    )
    terms = read_terms(case.get("terms", {}))
    earned = evaluate(basket, [read_rule(rule) for rule in case["rules"]], terms)
    if "room" in case:
        room = Decimal(case["room"])
        earned = cap(earned, room, {"per": "month"}, terms.scale)
    assert earned.points == Decimal(case["points"])
