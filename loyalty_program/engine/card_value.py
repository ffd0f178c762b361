"""What gift cards and eWallets get of what a sale sold for them."""

from decimal import ROUND_DOWN, Decimal

from .values import ZERO


def settle_gains(gains, sold, certain, places):
    """Return {card: what it gets}, which is no more in all than was sold.

    A till says what each card gets. Together they get what was sold at most, shared as
    the till wished it. Nothing is taken off one unless goods came back, and then no
    more in all than those cost.

    :param dict gains: {card: what the till puts on it beyond what it paid with}
    :param Decimal sold: what the sale's lines pay for, below zero for a return
    :param certain: those cards that stay as the till says: they hold it already
    :param int places: decimals of a share
    :rtype: dict
    """
    wished = {card: gain for card, gain in gains.items() if card not in certain}
    room = sold - sum(gains[card] for card in certain)
    given = _share({c: gain for c, gain in wished.items() if gain > 0}, room, places)
    taken = _share({c: -gain for c, gain in wished.items() if gain < 0}, -sold, places)
    return {
        card: gain if card in certain else given.get(card, ZERO) - taken.get(card, ZERO)
        for card, gain in gains.items()
    }


def _share(wished, room, places):
    """Return amounts cut to what there is room for, in the ratio of the wishes."""
    total, room = sum(wished.values()), max(room, ZERO)
    if total <= room:
        return wished
    step = Decimal(1).scaleb(-places)
    shares = {}
    # Sums are rounded, not shares: so they add up to the whole.
    given, sum_of_wishes = ZERO, ZERO
    for card, wish in wished.items():
        sum_of_wishes += wish
        so_far = (room * sum_of_wishes / total).quantize(step, ROUND_DOWN)
        shares[card] = so_far - given
        given = so_far
    return shares
