"""How many points a member may spend where a reward is worth money per point."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from .rounding import fits_scale, to_decimal

#: Money is compared at so many decimals: below is the noise of float columns.
MONEY_DECIMALS = Decimal("0.000001")


@dataclass(frozen=True)
class ChoiceTerms:
    """What the reward says.

    :param value: money of one point, above zero
    :param minimum: fewest points, above zero
    :param step: points from one choice to the next, above zero
    :param maximum: most points, or None
    :param scale: decimals of a point
    """

    value: Decimal
    minimum: Decimal
    step: Decimal
    maximum: Decimal | None = None
    scale: int = 0


@dataclass(frozen=True)
class ChoiceRange:
    """The choices: ``lowest``, and on by ``step`` up to ``highest``.

    :param limit: what ends the range: ``balance``, ``worth`` or ``maximum``
    """

    lowest: Decimal
    highest: Decimal
    step: Decimal
    limit: str
    scale: int = 0

    @property
    def is_empty(self):
        """Tell whether there is nothing to choose."""
        return self.highest < self.lowest

    def fit(self, points):
        """Return the choice next below ``points``, or None where there is none."""
        if self.is_empty or points < self.lowest:
            return None
        capped = min(points, self.highest)
        return self.lowest + _floor(capped - self.lowest, self.step)


def get_range(terms, balance, worth):
    """Return the :class:`ChoiceRange` of a member at an order.

    The last point may be worth more than what is left of the order, so that an order
    can be paid with points alone; no whole step is ever wasted.

    :param Decimal balance: points that may be spent
    :param worth: money that the reward may take off this order, a Decimal; None where
        there is no order
    """
    ends = [(balance, "balance")]
    if worth is not None:
        worth = max(worth, Decimal(0)).quantize(MONEY_DECIMALS)
        unit = Decimal(1).scaleb(-terms.scale)
        paying = (worth / terms.value).quantize(unit, rounding=ROUND_CEILING)
        ends.append((paying, "worth"))
    if terms.maximum is not None:
        ends.append((terms.maximum, "maximum"))
    end, limit = min(ends, key=lambda pair: pair[0])
    highest = Decimal(0)
    if end >= terms.minimum:
        highest = terms.minimum + _floor(end - terms.minimum, terms.step)
    return ChoiceRange(terms.minimum, highest, terms.step, limit, terms.scale)


def find_fault(choices, wish):
    """Return what is wrong with a wish, or None.

    :param wish: whatever a browser sent
    :return: ``number``, ``decimals``, ``few``, ``many``, ``step`` or None
    """
    try:
        points = to_points(wish)
    except ValueError:
        return "number"
    if not fits_scale(points, choices.scale):
        return "decimals"
    if points < choices.lowest:
        return "few"
    if points > choices.highest:
        return "many"
    return None if choices.fit(points) == points else "step"


def to_points(wish):
    """Return the wish as a decimal.

    :raise ValueError: no number, not finite, or of an absurd size
    """
    if isinstance(wish, bool):
        raise ValueError(f"not a number: {wish!r}")
    return to_decimal(wish.strip() if isinstance(wish, str) else wish)


def _floor(amount, step):
    return (amount / step).to_integral_value(rounding=ROUND_FLOOR) * step
