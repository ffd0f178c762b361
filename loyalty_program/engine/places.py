"""Where the points of an earning are that shall be taken back."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from .values import ZERO


@dataclass(frozen=True)
class Place:
    """A lot that holds, or held, points of the earning.

    :param account: id of the balance that the lot belongs to today
    :param lot_id: the lot, None where its points cannot be named any more
    :param stayed: points that came there and did not move on
    :param remaining: those of them that are not spent
    """

    account: int
    lot_id: int | None
    stayed: Decimal
    remaining: Decimal


def spread(wanted, places, undone, home):
    """Return (account, lot or None, points) that sum up to ``wanted``.

    Unspent points go first, wherever they are; then each account answers for what was
    spent from it, ``home`` first. No account gives more than came there.

    :param Decimal wanted: points to take back, positive
    :param places: iterable of Place
    :param dict undone: {account: points of the earning taken back there before}
    :param home: the account that answers for what no place explains
    """
    places = list(places)
    room = defaultdict(lambda: ZERO)
    for place in places:
        room[place.account] += place.stayed
    for account in room:
        room[account] = max(room[account] - undone.get(account, ZERO), ZERO)
    taken = defaultdict(lambda: ZERO)

    def take(account, lot_id, most):
        nonlocal wanted
        part = min(wanted, most, room[account])
        if part > 0:
            taken[account, lot_id] += part
            room[account] -= part
            wanted -= part

    for place in places:
        take(place.account, place.lot_id, place.remaining)
    for account in sorted(room, key=lambda account: (account != home, account)):
        take(account, _find_lot(taken, account), wanted)
    if wanted > 0:
        taken[home, _find_lot(taken, home)] += wanted
    return [(account, lot_id, part) for (account, lot_id), part in taken.items()]


def _find_lot(taken, account):
    """Return a lot of the account that gives points already, None without one."""
    return next((lot_id for owner, lot_id in taken if owner == account), None)
