"""How many points a basket earns."""

from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

from .proration import grow_points
from .rounding import round_points
from .shares import PRECISION, portion, split, to_text
from .values import ZERO, Earned

CENT = Decimal("0.01")

#: Money is cut, never rounded up, where no currency has a coin any more.
FINEST = Decimal("0.000001")

#: Shares are cut after twelve decimals: what is whole but for that is whole.
NOISE = Decimal("1e-9")


class Line(NamedTuple):
    """What a line gives of a document's points.

    :param fixed: the part of the points that no discount touches, as they rest on
        units; None where all of the document's points are alike
    """

    ref: int | None
    base: Decimal
    points: Decimal
    fixed: Decimal | None = None


def evaluate(basket, rules, terms):
    """Return what ``basket`` earns under ``rules``.

    Points rest on what is paid: discounts and vouchers are spread over the goods in
    proportion to the amount. Rounded once, at the end.

    :param Basket basket: the document
    :param rules: iterable of EarnRule
    :param EarnTerms terms: what holds for all the rules
    :rtype: Earned
    """
    with localcontext(prec=PRECISION):
        goods = _goods(basket)
        points, fixed, steps = [ZERO] * len(goods), [ZERO] * len(goods), []
        for rule in rules:
            step, parts = _apply(rule, basket, terms)
            if step:
                steps.append(step)
                points = _plus(points, parts)
                fixed = fixed if rule.mode == "money" else _plus(fixed, parts)
        is_mixed = len({step["mode"] == "money" for step in steps}) > 1
        lines = [
            Line(
                line.ref,
                portion(base, line.delivered),
                portion(part * terms.multiplier, line.delivered),
                portion(rest * terms.multiplier, line.delivered) if is_mixed else None,
            )
            for line, base, part, rest in zip(
                goods, _bases(goods, basket, terms), points, fixed, strict=True
            )
        ]
        exact = sum((line.points for line in lines), ZERO)
        earned = Earned(
            points=_round(exact, lines, terms),
            base=sum((line.base for line in lines), ZERO),
            breakdown={
                "rules": steps,
                "lines": _describe(lines),
                "exact": to_text(exact),
                "scale": terms.scale,
                "rounding": terms.rounding,
                **_traits(basket, terms),
            },
        )
        return cap(earned, terms.order_cap, {"per": "order"}, terms.scale)


def cap(earned, limit, facts, scale, used=ZERO):
    """Cut ``earned`` to what a limit leaves, and say so in the breakdown.

    :param limit: most points there may be, or None for no limit
    :param dict facts: what the limit is for, JSON-ready
    :param used: points that others have earned under the same limit
    """
    if limit is None or used + earned.points <= limit:
        return earned
    room = round_points(max(limit - used, ZERO), scale)
    trace = {**facts, "limit": to_text(limit), "before": to_text(earned.points)}
    if used:
        trace["used"] = to_text(used)
    caps = [*earned.breakdown.get("caps", []), trace]
    return replace(earned, points=room, breakdown={**earned.breakdown, "caps": caps})


def subtract(earned, posted):
    """Return what of ``earned`` was not posted yet, line by line.

    For documents that earn in several steps. What was posted is never taken back
    here: points below nothing stay nothing, of the whole and of each line. A return
    takes them back.

    :param Earned earned: all that the document has earned by now
    :param posted: list of Earned, the earlier steps
    """
    if not posted:
        return earned
    with localcontext(prec=PRECISION):
        held = {}
        for step in posted:
            for line in _read(step):
                held[line.ref] = _sum(held.get(line.ref), line)
        lines = [_rest(line, held.get(line.ref)) for line in _read(earned)]
        before = sum((step.points for step in posted), ZERO)
        points = earned.points - before
        base = earned.base - sum((step.base for step in posted), ZERO)
        exact = sum((line.points for line in lines), ZERO)
        if exact + sum(line.points for line in held.values()) != sum(
            line.points for line in _read(earned)
        ):
            base = sum((line.base for line in lines), ZERO)
            points = _grow(earned, held, lines, before)
        return Earned(
            points=max(points, ZERO),
            base=base,
            breakdown={
                **earned.breakdown,
                "lines": _describe(lines),
                "exact": to_text(exact),
                "before": to_text(before),
            },
        )


def _rest(line, held):
    """Return what of a line was not posted yet; a line may be worth less by itself."""
    if held is None:
        return line

    def rest(now, then):
        return max(now - then, min(now, ZERO))

    fixed = line.fixed
    if fixed is not None:
        fixed = rest(fixed, held.fixed or ZERO)
    return Line(
        line.ref, rest(line.base, held.base), rest(line.points, held.points), fixed
    )


def _grow(earned, held, lines, before):
    """Return the points that lines add to what was posted, some of it gone since."""
    facts = earned.breakdown
    points = grow_points(
        {ref: Fraction(line.points) for ref, line in held.items()},
        {line.ref: Fraction(line.points) for line in lines},
        facts,
    )
    limits = [Decimal(c["limit"]) for c in facts.get("caps", ()) if c["per"] == "order"]
    return min([points, *(limit - before for limit in limits)])


def _read(earned):
    """Return the lines of a breakdown."""
    return [
        Line(
            line["ref"],
            Decimal(line["base"]),
            Decimal(line["points"]),
            Decimal(line["fixed"]) if "fixed" in line else None,
        )
        for line in earned.breakdown.get("lines", [])
    ]


def _sum(held, line):
    if held is None:
        return line
    fixed = (held.fixed or ZERO) + (line.fixed or ZERO)
    return Line(line.ref, held.base + line.base, held.points + line.points, fixed)


def _plus(numbers, others):
    return [a + b for a, b in zip(numbers, others, strict=True)]


def _goods(basket):
    """Return the lines that are bought; a gift that costs nothing is not."""
    return [
        line
        for line in basket.lines
        if not line.is_discount and not (line.is_gift and line.total >= 0)
    ]


def _apply(rule, basket, terms):
    """Return the step of one rule and each line's part of it, or None twice."""
    goods = _goods(basket)
    matching = [line for line in goods if _matches(rule, line)]
    entered = not rule.needs_code or rule.rule_id in basket.code_rule_ids
    is_open = entered and rule.rule_id not in basket.closed_rule_ids
    if not is_open or not matching or not _reaches_minimum(rule, matching, basket):
        return None, None
    quantity = _quantity(rule, matching, basket, terms)
    gained = rule.amount * quantity
    if gained <= 0:
        return None, None
    step = {
        "rule_id": rule.rule_id,
        "mode": rule.mode,
        "rate": str(rule.amount),
        "base": str(quantity),
        "points": str(gained),
    }
    weights = [
        _weight(rule, line, terms) if _matches(rule, line) else ZERO for line in goods
    ]
    if sum(weights, ZERO) <= 0:
        # A rule per order on goods that cost nothing: all of them alike.
        weights = [Decimal(int(_matches(rule, line))) for line in goods]
    return step, split(gained, weights)


def _weight(rule, line, terms):
    if rule.mode == "unit":
        return line.quantity
    return line.untaxed if terms.untaxed else line.total


def _bases(goods, basket, terms):
    """Return each line's part of the money that the points rest on."""
    amount = "untaxed" if terms.untaxed else "total"
    weights = [getattr(line, amount) for line in goods]
    paid = _paid(goods, basket, amount).quantize(FINEST, rounding=ROUND_DOWN)
    if paid <= 0:
        return [ZERO] * len(goods)
    return split(paid, weights)


def _round(exact, lines, terms):
    parts = [line.points for line in lines] if terms.per_line else [exact]
    rounded = (round_points(_snap(part), terms.scale, terms.rounding) for part in parts)
    return max(sum(rounded, ZERO), ZERO)


def _snap(points):
    return points.quantize(NOISE, rounding=ROUND_HALF_UP)


def _describe(lines):
    """Return lines JSON-ready, without those that give nothing."""
    return [
        {
            "ref": line.ref,
            "base": to_text(line.base),
            "points": to_text(line.points),
            **({} if line.fixed is None else {"fixed": to_text(line.fixed)}),
        }
        for line in lines
        if line.base or line.points
    ]


def _traits(basket, terms):
    """Return what is out of the ordinary, for the explanation."""
    traits = {}
    if terms.per_line:
        traits["per_line"] = True
    if terms.untaxed:
        traits["untaxed"] = True
    if terms.multiplier != 1:
        traits["multiplier"] = to_text(terms.multiplier)
    if basket.vouchers:
        traits["vouchers"] = to_text(basket.vouchers)
    if any(line.delivered != 1 for line in basket.lines):
        traits["partial"] = True
    return traits


def _net(lines, basket, amount, due=1, paid=1):
    """Return the sum of ``amount`` of the lines, net of their share of the discounts.

    Multiplied before divided, and once for all lines: a share that comes out even
    is exact, so that no threshold is missed by the last digit of a third.

    :param due: money of which ``paid`` is the part that counts
    """
    part = _total(lines, amount)
    gross = _total(_goods(basket), amount)
    cut = _total([line for line in basket.lines if line.is_discount], amount)
    if gross <= 0 or not cut:
        return part * paid / due
    return part * max(gross + cut, ZERO) * paid / (gross * due)


def _paid(lines, basket, amount):
    """Return what is paid for the lines, by other means than vouchers."""
    if basket.due <= 0 or not basket.vouchers:
        return _net(lines, basket, amount)
    cash = max(basket.due - basket.vouchers, ZERO)
    return _net(lines, basket, amount, basket.due, cash)


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


def _quantity(rule, matching, basket, terms):
    """Return what the rule's rate is multiplied with."""
    if rule.mode == "order":
        return Decimal(1)
    if rule.mode == "unit":
        return _total(matching, "quantity")
    amount = "untaxed" if terms.untaxed else "total"
    paid = _paid(matching, basket, amount).quantize(FINEST, rounding=ROUND_DOWN)
    in_cents = paid.quantize(CENT, rounding=ROUND_DOWN)
    return in_cents if in_cents == paid else paid.normalize()
