"""One rounding rule for every channel, and the check of sizes."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal, InvalidOperation

from .values import MAX_POINTS

#: Each one treats a return as the mirror image of a purchase.
ROUNDINGS = {"down": ROUND_DOWN, "half_up": ROUND_HALF_UP, "up": ROUND_UP}


def to_decimal(value):
    """Return ``value`` as an exact, finite decimal.

    A float is read the way it is written (0.1 is one tenth), as a person means it.

    :raise ValueError: not a number, not finite, or of an absurd size
    """
    # Python reads digits in a list and across “_” as well; nobody writes numbers so.
    if isinstance(value, (list, tuple)) or (isinstance(value, str) and "_" in value):
        raise ValueError(f"not a number: {value!r}")
    try:
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    except (InvalidOperation, TypeError, ValueError) as error:
        raise ValueError(f"not a number: {value!r}") from error
    if not number.is_finite():
        raise ValueError(f"not a finite number: {value!r}")
    if abs(number) > MAX_POINTS:
        raise ValueError(f"larger than {MAX_POINTS}: {value!r}")
    return number


def round_points(points, scale, rounding="down"):
    """Round to ``scale`` decimals, by one of :data:`ROUNDINGS`."""
    return points.quantize(Decimal(1).scaleb(-scale), rounding=ROUNDINGS[rounding])


def fits_scale(points, scale):
    """Tell whether ``points`` has at most ``scale`` decimals."""
    return points == round_points(points, scale)


def is_number(value):
    """Tell whether ``value`` is a number that the ledger can take."""
    try:
        to_decimal(value)
    except ValueError:
        return False
    return True
