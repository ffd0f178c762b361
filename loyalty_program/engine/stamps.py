"""How a balance of stamps lies on a stamp card, and how many still fit."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from .values import ZERO


@dataclass(frozen=True)
class StampCard:
    """What a customer sees of a stamp card.

    :param needed: stamps of a full card
    :param filled: stamps on the card that is shown
    :param pending: stamps that wait, on the same card
    :param ready: full cards that wait for their reward; the shown one may be one
    :param owed: stamps that were taken back after the reward was had
    """

    needed: int
    filled: int
    pending: int
    ready: int
    owed: int


def lay_out(points, pending, needed):
    """Return the card to show for a balance.

    A card that is exactly full is shown full; what is beyond lies on the next card.

    :param Decimal points: stamps that may be spent, below zero for owed ones
    :param Decimal pending: stamps that may be spent later
    :param int needed: stamps of a full card, more than 0
    :rtype: StampCard
    """
    stamps = int(max(points, ZERO).to_integral_value(rounding=ROUND_DOWN))
    waiting = int(max(pending, ZERO).to_integral_value(rounding=ROUND_DOWN))
    ready, filled = divmod(stamps, needed)
    if ready and not filled and not waiting:
        filled = needed
    return StampCard(
        needed=needed,
        filled=filled,
        pending=min(waiting, needed - filled),
        ready=ready,
        owed=int(max(-points, ZERO).to_integral_value(rounding=ROUND_DOWN)),
    )


def room(held, needed, spent=ZERO):
    """Return how many stamps fit on the card of a programme that drops the surplus.

    A reward that stamps from before pay for empties the card first; one that needs
    the stamps of this very purchase takes a card that the purchase has filled.

    :param Decimal held: stamps before the purchase, waiting ones included
    :param int needed: stamps of a full card
    :param Decimal spent: stamps that the purchase spends
    :rtype: Decimal
    """
    before = held - spent if held >= spent else held
    return max(Decimal(needed) - max(before, ZERO), ZERO)
