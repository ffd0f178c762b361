"""One rounding rule for every channel, and the check of sizes."""

from decimal import ROUND_DOWN, Decimal, InvalidOperation

from .values import MAX_POINTS


def to_decimal(value):
    """Return ``value`` as an exact, finite decimal.

    A float is read the way it is written (0.1 is one tenth), as a person means it.

    :raise ValueError: not a number, not finite, or of an absurd size
    """
    try:
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    except (InvalidOperation, TypeError, ValueError) as error:
        raise ValueError(f"not a number: {value!r}") from error
    if not number.is_finite():
        raise ValueError(f"not a finite number: {value!r}")
    if abs(number) > MAX_POINTS:
        raise ValueError(f"larger than {MAX_POINTS}: {value!r}")
    return number


def round_points(points, scale):
    """Round towards zero to ``scale`` decimals: a promise is never rounded up."""
    return points.quantize(Decimal(1).scaleb(-scale), rounding=ROUND_DOWN)


def fits_scale(points, scale):
    """Tell whether ``points`` has at most ``scale`` decimals."""
    return points == round_points(points, scale)
