"""Splitting a number so that the parts sum to the whole."""

from decimal import ROUND_DOWN, Decimal, localcontext

from .values import ZERO

#: Decimals of a part that does not come out even.
FINEST_SHARE = Decimal("1e-12")

#: Digits that no product of honest sizes outgrows.
PRECISION = 60


def split(whole, weights):
    """Return the parts of ``whole`` in proportion to ``weights``.

    Each part is the difference of two running totals, so that nothing is lost or
    invented however the parts come out.

    :param weights: list of Decimal, negative for a return; their sum is not zero
    :return: list of Decimal whose sum is ``whole``, exactly
    """
    with localcontext(prec=PRECISION):
        total = sum(weights, ZERO)
        parts, reached, given = [], ZERO, ZERO
        for weight in weights:
            reached += weight
            until = whole
            if reached != total:
                exact = whole * reached / total
                until = exact.quantize(FINEST_SHARE, rounding=ROUND_DOWN)
            parts.append(until - given)
            given = until
        return parts


def portion(whole, part):
    """Return ``whole`` times the fraction ``part``; even where it comes out even.

    :param Fraction part: 0 to 1
    """
    if part == 1:
        return whole
    with localcontext(prec=PRECISION):
        exact = whole * part.numerator / part.denominator
        return exact.quantize(FINEST_SHARE, rounding=ROUND_DOWN)


def to_text(number):
    """Return a decimal as plain digits, without exponent or idle zeros."""
    return f"{number.normalize():f}" if number else "0"
