"""Care plans: until when one is sold, what it lasts, and which claims are left."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .dates import add_months

DAY = timedelta(days=1)

#: Why a plan is not sold for an item.
NOT_OWN, NOT_COVERED, RETURNED, TAKEN, TOO_MANY, TOO_LATE = (
    "not_own",
    "not_covered",
    "returned",
    "taken",
    "too_many",
    "too_late",
)

#: Why nothing can be claimed of a plan.
NOT_RUNNING, NOT_YET, OVER, NONE_LEFT = "not_running", "not_yet", "over", "none_left"

#: Claims in these states use one up; refused and cancelled ones give it back.
COUNTED = frozenset({"new", "accepted", "done"})


@dataclass(frozen=True)
class SoldItem:
    """A line of a sale that a plan may cover, as its buyer sees it.

    :param bool is_own: the plan's buyer bought it, from the same company
    :param bool is_suited: the plan is for such products
    :param Decimal sold: units sold; parts of a unit are not covered
    :param int returned: units whose price went back
    :param int covered: units that a plan covers already
    :param delivered_on: date of the delivery, None before it
    """

    is_own: bool
    is_suited: bool
    sold: Decimal
    returned: int
    covered: int
    delivered_on: date | None

    @property
    def kept(self):
        """Whole units that the customer has."""
        return max(0, int(self.sold) - self.returned)

    @property
    def free(self):
        """Whole units that no plan covers yet."""
        return max(0, self.kept - self.covered)


def last_day_to_buy(delivered_on, days):
    """Return the last day on which a plan is sold, None before the delivery."""
    return delivered_on and delivered_on + timedelta(days=days)


def find_sale_refusal(item, wanted, days, today):
    """Return why plans are not sold for an item, None when they are.

    :param SoldItem item: what they would cover
    :param int wanted: units to be covered
    :param int days: how long after the delivery the plan is sold
    :param today: date of the sale, None when the plan was sold in time before
    """
    if not item.is_own:
        return NOT_OWN
    if not item.is_suited:
        return NOT_COVERED
    if not item.kept:
        return RETURNED
    if not item.free:
        return TAKEN
    if wanted > item.free:
        return TOO_MANY
    last = last_day_to_buy(item.delivered_on, days)
    if today and last and today > last:
        return TOO_LATE
    return None


def returned_units(amount, price, quantity, coin):
    """Return how many units of a line went back, judged by the money.

    A part of the price given back is a goodwill, not a return.

    :param Decimal amount: given back for the line so far
    :param Decimal price: of one unit; where it is nothing, ``quantity`` decides
    :param Decimal quantity: units on the credit notes
    :param Decimal coin: the smallest one: a third of 100.00 is given back as 33.33
    """
    units = max(0, int(quantity))
    if price <= 0:
        return units
    return max(0, min(int((amount + coin * units) / price), units))


def count_orphans(item):
    """Return how many plans have lost their item: it went back."""
    return max(0, item.covered - item.kept)


def care_term(months, paid_on, delivered_on):
    """Return (first, last) day of a plan: no day is lost to the delivery.

    :param int months: length, month ends clamped
    """
    first = max(paid_on, delivered_on)
    return first, add_months(first, months) - DAY


def free_numbers(taken, count):
    """Return the lowest ``count`` numbers from 0 on that are not ``taken``, sorted."""
    numbers, number = [], 0
    while len(numbers) < count:
        if number not in taken:
            numbers.append(number)
        number += 1
    return numbers


def assign(wants, free):
    """Give every plan an item that it may cover, as many as go.

    A plan that suits two items makes room for one that suits only one of them.

    :param wants: list, for each plan the items that it may cover, in order of liking
    :param dict free: {item: units that no plan covers yet}
    :return: list of items, None for a plan without one
    """
    found = [None] * len(wants)
    holders = {item: [] for item in free}

    def place(plan, seen):
        for item in wants[plan]:
            if item in seen:
                continue
            seen.add(item)
            if len(holders[item]) >= free[item]:
                moved = next((h for h in holders[item] if place(h, seen)), None)
                if moved is None:
                    continue
                holders[item].remove(moved)
            holders[item].append(plan)
            found[plan] = item
            return True
        return False

    for plan in range(len(wants)):
        place(plan, set())
    return found


def claims_left(included, states):
    """Return how many claims are left of ``included`` after claims in ``states``."""
    return max(0, included - sum(state in COUNTED for state in states))


def find_claim_refusal(is_running, term, left, today):
    """Return why nothing can be claimed today, None when something can.

    :param bool is_running: begun and neither ended nor cancelled
    :param term: (first, last) day, both included
    :param int left: see ``claims_left``
    """
    if not is_running:
        return NOT_RUNNING
    first, last = term
    if today < first:
        return NOT_YET
    if today > last:
        return OVER
    if left <= 0:
        return NONE_LEFT
    return None
