"""Which tier a member holds: the whole path, replayed from dated facts.

Up at once, on the day of the purchase; down only when a period ends without what
keeping the tier takes, and after the grace. A refund counts on the day of what it
takes back, so that the same facts always give the same tier, whatever came first.

Numbers may be :class:`decimal.Decimal` or int (of the smallest unit), never float.
"""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from .dates import add_months

DAY = timedelta(days=1)

LIFETIME, ROLLING, YEAR, ANNIVERSARY = "lifetime", "rolling", "year", "anniversary"


@dataclass(frozen=True)
class TierLevel:
    """A tier: what it takes to enter and to keep it, one number per metric."""

    tier_id: int
    enter: tuple
    keep: tuple


@dataclass(frozen=True)
class TierPolicy:
    """How a programme moves its members.

    :param levels: TierLevels, the lowest first
    :param window: ``lifetime``, ``rolling`` (``months`` back from each day, looked at
        again at the end of each month), ``year`` (calendar) or ``anniversary``
        (of joining); what a yearly tier was reached in lasts for the next as well
    :param joined: ``all`` metrics must reach their threshold, or ``any``
    :param one_step: go down one level at a time, else to the level that is kept
    :param grace_days: time to make up for a missed period
    """

    levels: tuple[TierLevel, ...]
    window: str = ROLLING
    months: int = 12
    joined: str = "all"
    one_step: bool = False
    grace_days: int = 0


@dataclass(frozen=True)
class ManualTier:
    """A tier given by hand from ``day`` on.

    :param tier_id: None takes every tier away
    :param until: last day; None: as long as a tier reached on that day
    :param locked: nothing moves meanwhile; else the tier can only rise
    """

    day: date
    tier_id: int | None
    until: date | None = None
    locked: bool = False


@dataclass(frozen=True)
class TierMove:
    """One move: ``joined``, ``up``, ``down`` or ``manual``; amounts as they were."""

    day: date
    from_id: int | None
    to_id: int | None
    cause: str
    amounts: tuple


@dataclass(frozen=True)
class Standing:
    """Where a member stands.

    :param tier_id: the tier held, or None
    :param since: day from which it is held without a break
    :param review_on: last day of the period that decides about it, None: never
    :param amounts: what counts today
    :param missing: per metric, what is still missing by ``review_on`` to keep it
    :param moves: every TierMove so far
    :param paid_until: last day for which the tier was paid, if that is why it is held
    :param last_day: latest day with anything that counts, None without
    """

    tier_id: int | None
    since: date
    review_on: date | None
    amounts: tuple
    missing: tuple
    moves: tuple[TierMove, ...]
    paid_until: date | None = None
    last_day: date | None = None


def reached(policy, amounts, thresholds):
    """Tell whether ``amounts`` reach ``thresholds`` as the policy joins them."""
    hits = (have >= wanted for have, wanted in zip(amounts, thresholds, strict=True))
    return any(hits) if policy.joined == "any" else all(hits)


def period_start(policy, day, joined_on):
    """Return the first day of the period that ``day`` lies in; None for a lifetime."""
    if policy.window == YEAR:
        return date(day.year, 1, 1)
    if policy.window == ROLLING:
        return day.replace(day=1)
    if policy.window == ANNIVERSARY:
        years = day.year - joined_on.year
        start = add_months(joined_on, 12 * years)
        return start if start <= day else add_months(joined_on, 12 * (years - 1))
    return None


def period_end(policy, day, joined_on):
    """Return the last day of the period that ``day`` lies in; None for a lifetime."""
    if policy.window == YEAR:
        return date(day.year, 12, 31)
    if policy.window == ROLLING:
        return day.replace(day=monthrange(day.year, day.month)[1])
    if policy.window == ANNIVERSARY:
        years = day.year - joined_on.year
        following = add_months(joined_on, 12 * years)
        if following <= day:
            following = add_months(joined_on, 12 * (years + 1))
        return following - DAY
    return None


def window_first(policy, day, joined_on):
    """Return the first day that counts on ``day``; None: all that ever was."""
    if policy.window == ROLLING:
        return add_months(day, -policy.months)
    return period_start(policy, day, joined_on)


def replay(policy, joined_on, facts, today, manual=()):
    """Return the Standing of a member on ``today``.

    :param TierPolicy policy: the programme's
    :param date joined_on: nothing moves before; purchases of before count all the same
    :param facts: iterable of (day, amounts), net of what was taken back
    :param manual: ManualTiers in the order they were given
    """
    path = _Path(policy, joined_on, facts)
    by_day = {}
    for given in manual:
        by_day.setdefault(max(given.day, joined_on), []).append(given)
    days = {joined_on, *by_day}
    days.update(day for day in path.days if day > joined_on)
    for day in sorted(day for day in days if day <= today):
        path.pass_time(day)
        for given in by_day.get(day, ()):
            path.give(day, given)
        path.rise(day)
    path.pass_time(today)
    return path.standing(today)


class _Path:
    """The state of one replay."""

    def __init__(self, policy, joined_on, facts):
        self.policy = policy
        self.joined_on = joined_on
        facts = sorted(facts)
        self.days = [day for day, _amounts in facts]
        columns = zip(*(amounts for _day, amounts in facts), strict=True)
        self.sums = [list(accumulate(column, initial=0)) for column in columns]
        self.width = len(policy.levels[0].enter) if policy.levels else 0
        self.level = -1
        self.since = joined_on
        self.reached_on = None
        self.next_review = period_end(policy, joined_on, joined_on)
        self.failed = None
        self.hold = None
        self.moves = []

    def amounts(self, first, last):
        """Return what counts from ``first`` (None: ever) to ``last``, both included.

        Who gave back more than counts stands at zero.
        """
        if not self.sums:
            return (0,) * self.width
        low = bisect_left(self.days, first) if first else 0
        high = bisect_right(self.days, last)
        return tuple(max(column[high] - column[low], 0) for column in self.sums)

    def amounts_on(self, day):
        return self.amounts(window_first(self.policy, day, self.joined_on), day)

    def highest(self, amounts, kind, below=None):
        """Return the index of the highest level reached, -1 for none."""
        for index in range(len(self.policy.levels) - 1, -1, -1):
            if below is not None and index >= below:
                continue
            if reached(self.policy, amounts, getattr(self.policy.levels[index], kind)):
                return index
        return -1

    def tier_id(self, index):
        return self.policy.levels[index].tier_id if index >= 0 else None

    def move(self, day, index, cause, amounts):
        if index != self.level:
            here, there = self.tier_id(self.level), self.tier_id(index)
            self.moves.append(TierMove(day, here, there, cause, amounts))
            self.level, self.since = index, day

    # === What happens on a day ===

    def rise(self, day):
        """Go up at once when the day's amounts reach a higher level."""
        if self.hold and self.hold.locked:
            return
        amounts = self.amounts_on(day)
        index = self.highest(amounts, "enter")
        if index >= self.level:
            if index >= 0:
                self.reached_on, self.failed = day, None
            self.move(day, index, "up" if self.moves else "joined", amounts)
        elif self.failed and self._makes_up(day):
            self.failed = None

    def give(self, day, given):
        """Set the level by hand."""
        ids = [level.tier_id for level in self.policy.levels]
        index = ids.index(given.tier_id) if given.tier_id in ids else -1
        self.hold = given if given.until or given.locked else None
        self.failed, self.reached_on = None, None if given.until else day
        self.move(day, index, "manual", self.amounts_on(day))

    def pass_time(self, day):
        """Let end what ends before ``day``: graces, holds and periods, in order."""
        while True:
            ends = [
                (self._grace_end(), 0),
                (self._hold_end(), 1),
                (self.next_review, 2),
            ]
            due = min((end for end in ends if end[0]), default=None)
            if due is None or due[0] >= day:
                return
            (self._end_grace, self._end_hold, self._review)[due[1]](due[0])

    def _grace_end(self):
        if self.failed is None:
            return None
        return self.failed + timedelta(days=self.policy.grace_days)

    def _hold_end(self):
        return self.hold.until if self.hold else None

    def _makes_up(self, day):
        """Tell whether purchases of the grace keep the level after all."""
        first = window_first(self.policy, self.failed, self.joined_on)
        return self._keeps(self.amounts(first, day))

    def _keeps(self, amounts):
        return reached(self.policy, amounts, self.policy.levels[self.level].keep)

    def _review(self, last):
        """Decide at the end of ``last`` whether the level is kept."""
        self.next_review = period_end(self.policy, last + DAY, self.joined_on)
        start = period_start(self.policy, last, self.joined_on)
        fresh = self.reached_on is not None and self.reached_on >= start
        if self.level < 0 or self.hold or self.failed is not None or fresh:
            return
        if not self._keeps(self.amounts_on(last)):
            self.failed = last
            if not self.policy.grace_days:
                self._end_grace(last)

    def _end_grace(self, last):
        amounts = self.amounts_on(self.failed)
        index = self.highest(amounts, "keep", below=self.level)
        if self.policy.one_step:
            index = self.level - 1
        self.failed = self.reached_on = None
        self.move(last + DAY, index, "down", amounts)

    def _end_hold(self, last):
        """Go to what the member keeps, or has reached, without the hand's help."""
        self.hold = None
        amounts = self.amounts_on(last)
        index = self.highest(amounts, "keep", below=self.level + 1)
        if index != self.level:
            self.reached_on = None
        self.move(last + DAY, index, "down", amounts)
        amounts = self.amounts_on(last + DAY)
        index = self.highest(amounts, "enter")
        if index > self.level:
            self.reached_on = last + DAY
            self.move(last + DAY, index, "up", amounts)

    # === Result ===

    def standing(self, today):
        amounts = self.amounts_on(today)
        review = self._decisive_review()
        missing = (0,) * self.width
        if self.level >= 0 and review:
            first = window_first(self.policy, self.failed or review, self.joined_on)
            missing = self._missing(self.amounts(first, today))
        return Standing(
            tier_id=self.tier_id(self.level),
            since=self.since,
            review_on=review,
            amounts=amounts,
            missing=missing,
            moves=tuple(self.moves),
            last_day=self.days[-1] if self.days else None,
        )

    def _decisive_review(self):
        """Return the last day that decides about the level as things are."""
        if self.hold:
            return self.hold.until
        if self.level < 0 or self.next_review is None or self._is_free():
            return None
        if self.failed is not None:
            return self._grace_end()
        review = self.next_review
        start = period_start(self.policy, review, self.joined_on)
        if self.reached_on is not None and self.reached_on >= start:
            review = period_end(self.policy, review + DAY, self.joined_on)
        return review

    def _is_free(self):
        """Tell whether the level takes nothing to stay, so that no day decides."""
        return self._keeps((0,) * self.width)

    def _missing(self, amounts):
        keep = self.policy.levels[self.level].keep
        if reached(self.policy, amounts, keep):
            return (0,) * self.width
        pairs = zip(keep, amounts, strict=True)
        return tuple(max(wanted - have, 0) for wanted, have in pairs)
