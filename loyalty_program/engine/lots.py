"""Which points are spent: the soonest to expire first.

The database does the same in one statement (``loyalty.ledger._query_settle``);
a test feeds both the same histories.
"""

from datetime import date

from .values import ZERO


def spending_order(lots):
    """Sort (lot id, expiry date or None, remaining) in the order of spending."""
    return sorted(lots, key=lambda lot: (lot[1] or date.max, lot[0]))


def allocate(lots, demands):
    """Match demands with lots.

    :param lots: iterable of (lot id, expiry date or None, remaining > 0)
    :param demands: iterable of (demand id, points > 0), the oldest first
    :return: list of (demand id, lot id, points taken)
    """
    supply = [[lot_id, left] for lot_id, _expiry, left in spending_order(lots)]
    uses, position = [], 0
    for demand_id, wanted in demands:
        while wanted > ZERO and position < len(supply):
            lot_id, left = supply[position]
            taken = min(wanted, left)
            uses.append((demand_id, lot_id, taken))
            wanted -= taken
            supply[position][1] -= taken
            if supply[position][1] == ZERO:
                position += 1
    return uses
