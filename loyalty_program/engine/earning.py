"""How many points a basket earns."""

from decimal import Decimal

from .rounding import round_points
from .values import ZERO, Earned


def evaluate(basket, rules, scale):
    """Return what ``basket`` earns under ``rules``.

    Points rest on what is paid: discounts are spread over the lines that they
    make cheaper, in proportion to the amount. The sum of the rules is rounded
    once, downwards.

    :param Basket basket: the document
    :param rules: iterable of EarnRule
    :param int scale: decimals of a point
    :rtype: Earned
    """
    lines = _net_lines(basket.lines)
    points, steps = ZERO, []
    for rule in rules:
        if rule.needs_code and rule.rule_id not in basket.code_rule_ids:
            continue
        matching = [line for line in lines if _matches(rule, line)]
        if not matching or not _reaches_minimum(rule, matching):
            continue
        quantity = _quantity(rule, matching)
        gained = rule.amount * quantity
        if gained <= 0:
            continue
        points += gained
        steps.append(
            {
                "rule_id": rule.rule_id,
                "mode": rule.mode,
                "rate": str(rule.amount),
                "base": str(quantity),
                "points": str(gained),
            }
        )
    rounded = round_points(points, scale)
    base = max(sum((total for _line, total, _untaxed in lines), ZERO), ZERO)
    return Earned(
        points=rounded,
        base=base,
        breakdown={
            "rules": steps,
            "exact": str(points),
            "scale": scale,
            "rounding": "down",
        },
    )


def _net_lines(lines):
    """Return (line, total, untaxed) of the goods, each net of its discount share."""
    goods = [line for line in lines if not line.is_discount]
    cut = sum((line.total for line in lines if line.is_discount), ZERO)
    cut_untaxed = sum((line.untaxed for line in lines if line.is_discount), ZERO)
    gross = sum((line.total for line in goods), ZERO)
    gross_untaxed = sum((line.untaxed for line in goods), ZERO)
    factor = _factor(gross, cut)
    factor_untaxed = _factor(gross_untaxed, cut_untaxed)
    return [
        (line, line.total * factor, line.untaxed * factor_untaxed) for line in goods
    ]


def _factor(gross, cut):
    if not gross:
        return Decimal(1)
    return max((gross + cut) / gross, ZERO)


def _matches(rule, net_line):
    line = net_line[0]
    return rule.product_ids is None or line.product_id in rule.product_ids


def _reaches_minimum(rule, matching):
    quantity = sum((line.quantity for line, _total, _untaxed in matching), ZERO)
    amount = sum(
        (untaxed if rule.minimum_untaxed else total for _l, total, untaxed in matching),
        ZERO,
    )
    return quantity >= rule.minimum_quantity and amount >= rule.minimum_amount


def _quantity(rule, matching):
    """Return what the rule's rate is multiplied with."""
    if rule.mode == "order":
        return Decimal(1)
    if rule.mode == "unit":
        return sum((line.quantity for line, _total, _untaxed in matching), ZERO)
    # A cent is the smallest thing paid: proportions must not leave longer tails.
    paid = sum((total for _line, total, _untaxed in matching), ZERO)
    return paid.quantize(Decimal("0.01"))
