"""How many points a basket earns."""

from decimal import ROUND_DOWN, Decimal, localcontext

from .rounding import round_points
from .values import ZERO, Earned

CENT = Decimal("0.01")

#: Money is cut, never rounded up, where no currency has a coin any more.
FINEST = Decimal("0.000001")


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
    goods = [line for line in basket.lines if not line.is_discount]
    points, steps = ZERO, []
    for rule in rules:
        if rule.needs_code and rule.rule_id not in basket.code_rule_ids:
            continue
        matching = [line for line in goods if _matches(rule, line)]
        if not matching or not _reaches_minimum(rule, matching, basket):
            continue
        quantity = _quantity(rule, matching, basket)
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
    return Earned(
        points=round_points(points, scale),
        base=max(_net(goods, basket, "total"), ZERO),
        breakdown={
            "rules": steps,
            "exact": str(points),
            "scale": scale,
            "rounding": "down",
        },
    )


def _net(lines, basket, amount):
    """Return the sum of ``amount`` of the lines, net of their share of the discounts.

    Multiplied before divided, and once for all lines: a share that comes out even
    is exact, so that no threshold is missed by the last digit of a third.
    """
    part = _total(lines, amount)
    gross = _total([line for line in basket.lines if not line.is_discount], amount)
    cut = _total([line for line in basket.lines if line.is_discount], amount)
    if gross <= 0 or not cut:
        return part
    with localcontext(prec=60):
        return part * max(gross + cut, ZERO) / gross


def _total(lines, amount):
    return sum((getattr(line, amount) for line in lines), ZERO)


def _matches(rule, line):
    return rule.product_ids is None or line.product_id in rule.product_ids


def _reaches_minimum(rule, matching, basket):
    amount = _net(matching, basket, "untaxed" if rule.minimum_untaxed else "total")
    if amount < rule.minimum_amount:
        return False
    # Without a minimum, more pieces may come back than go out.
    minimum = rule.minimum_quantity
    return not minimum or _total(matching, "quantity") >= minimum


def _quantity(rule, matching, basket):
    """Return what the rule's rate is multiplied with."""
    if rule.mode == "order":
        return Decimal(1)
    if rule.mode == "unit":
        return _total(matching, "quantity")
    paid = _net(matching, basket, "total").quantize(FINEST, rounding=ROUND_DOWN)
    in_cents = paid.quantize(CENT, rounding=ROUND_DOWN)
    return in_cents if in_cents == paid else paid.normalize()
