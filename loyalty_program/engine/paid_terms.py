"""Paid memberships: terms that follow each other, and the tier that they lift to."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from .dates import add_months

DAY = timedelta(days=1)


@dataclass(frozen=True)
class PaidTerm:
    """A tier that was paid for, from ``first`` to ``last``, both included."""

    tier_id: int
    first: date
    last: date


def next_term(tier_id, months, paid_on, terms):
    """Return the PaidTerm that a purchase begins.

    Renewed early, it begins when the running term of the same tier ends: nothing that
    was paid for is lost. Otherwise it begins on the day of the payment.

    :param int months: length, month ends clamped
    :param date paid_on: day of the payment
    :param terms: iterable of PaidTerms of the same member, cancelled ones left out
    """
    first = paid_on
    for term in sorted(terms, key=lambda term: term.first):
        if term.tier_id == tier_id and term.first <= first <= term.last + DAY:
            first = term.last + DAY
    last = add_months(first, months) - DAY
    return PaidTerm(tier_id, first, last)


def lift(standing, policy, terms, today):
    """Return the Standing with the tier that was paid for, where that is higher.

    What was earned goes on beneath, untouched: when the term ends the member stands
    where the purchases alone lead.

    :param Standing standing: what the purchases give today, see ``tier_path``
    :param TierPolicy policy: the programme's
    :param terms: iterable of PaidTerms of the member
    :param date today: the company's day
    """
    ranks = {level.tier_id: rank for rank, level in enumerate(policy.levels)}
    running = [
        term
        for term in terms
        if term.first <= today <= term.last and term.tier_id in ranks
    ]
    if not running:
        return standing
    best = max(running, key=lambda term: (ranks[term.tier_id], term.last))
    if ranks[best.tier_id] <= ranks.get(standing.tier_id, -1):
        return standing
    first, last = _stretch(best, terms)
    return replace(
        standing,
        tier_id=best.tier_id,
        since=first,
        review_on=last,
        missing=(0,) * len(standing.missing),
        paid_until=last,
    )


def _stretch(term, terms):
    """Return (first, last) of the unbroken run of terms of one tier around ``term``."""
    first, last = term.first, term.last
    own = sorted(
        (other for other in terms if other.tier_id == term.tier_id),
        key=lambda other: other.first,
    )
    for other in own:
        if other.first <= last + DAY and other.last > last:
            last = other.last
    for other in reversed(own):
        if other.last >= first - DAY and other.first < first:
            first = other.first
    return first, last
