"""What gift cards and eWallets get of what a sale sold for them."""

from decimal import ROUND_DOWN, Decimal

from .values import ZERO


def settle_gains(gains, sold, certain, places):
    """Return {card: what it gets}, which is no more in all than was sold.

    A till says what each card gets. Together they get what was sold at most, shared as
    the till wished it; nothing is taken off one unless goods came back.

    :param dict gains: {card: what the till puts on it beyond what it paid with}
    :param Decimal sold: what the sale's lines pay for, below zero for a return
    :param certain: cards that stay as the till says: they hold it already
    :param int places: decimals of a share
    :rtype: dict
    """
    settled = {
        card: gain if card in certain else max(gain, min(sold, ZERO))
        for card, gain in gains.items()
    }
    room = max(sold - sum(settled[card] for card in certain), ZERO)
    wished = {
        card: gain for card, gain in settled.items() if gain > 0 and card not in certain
    }
    total = sum(wished.values())
    if total <= room:
        return settled
    step = Decimal(1).scaleb(-places)
    # Sums are rounded, not shares: so they add up to the whole.
    given, sum_of_wishes = ZERO, ZERO
    for card, gain in wished.items():
        sum_of_wishes += gain
        so_far = (room * sum_of_wishes / total).quantize(step, ROUND_DOWN)
        settled[card] = so_far - given
        given = so_far
    return settled
