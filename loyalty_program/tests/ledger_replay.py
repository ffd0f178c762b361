from collections import defaultdict
from datetime import date
from decimal import Decimal

from odoo.addons.loyalty_program.engine.lots import allocate


class Replay:
    """The same history by the pure engine: lots, debts and what paid for what.

    ``lots`` are {key: [last day, rest, day from which it may be spent or None]}.
    """

    def __init__(self):
        self.lots, self.debts = {}, {}
        #: {entry: keys of the lots that are its own}, the oldest first
        self.own = defaultdict(list)
        #: {what was spent: {lot: points}}, taken for it and given back for it
        self.uses = defaultdict(lambda: defaultdict(Decimal))
        self.given = defaultdict(lambda: defaultdict(Decimal))
        #: {what was taken again: for which spending}
        self.root = {}
        #: the day, {entry: the day it was spent or taken}, {lot: its last day then}
        self.today, self.days, self.expiries = None, {}, {}

    def earn(self, key, points, expiry, available, today):
        self.lots[key] = [expiry, points, available if available > today else None]
        self.own[key].append(key)
        self._settle()

    def spend(self, key, points):
        self.debts[key], self.days[key] = points, self.today
        self._settle()

    def undo_earning(self, key, earned, points):
        self.spend(key, self._take_own(earned, points, key))

    def redo_earning(self, key, undone, earned, points):
        """Withdraw a part of what ``undone`` took of an earning."""
        self.own[earned] += self._bring_back(key, undone, points)

    def undo_spending(self, key, spent, points):
        self.own[key] += self._bring_back(key, spent, points)

    def redo_spending(self, key, undone, spent, points):
        """Withdraw a part of what ``undone`` gave back of a spending."""
        self.root[key] = spent
        self.spend(key, self._take_own(undone, points, spent))

    def _take_own(self, entry, points, spent):
        """Take from the lots of an entry; return what they could not give."""
        for key in self.own[entry]:
            taken = min(points, self.lots[key][1])
            self.lots[key][1] -= taken
            self.uses[spent][key] += taken
            points -= taken
        return points

    def _bring_back(self, key, spent, points):
        """Give back first what is owed, then what lasts longest; return the lots."""
        for debt, rest in self.debts.items():
            if self.root.get(debt, debt) == spent:
                owed = min(points, rest)
                self.debts[debt] -= owed
                points -= owed
        groups = defaultdict(Decimal)
        for sign, parts in ((1, self.uses[spent]), (-1, self.given[spent])):
            for lot, amount in parts.items():
                expiry, _rest, available = self.lots[lot]
                if sign < 0:
                    expiry = self.expiries[lot]
                groups[expiry, available] += sign * amount
        new = []
        for expiry, available in sorted(groups, key=_longest_first):
            back = min(points, max(groups[expiry, available], Decimal(0)))
            points -= back
            if back:
                new.append((key, expiry, available))
                lasts = expiry
                if expiry and expiry < self.today:
                    # The days that it had left when it was spent.
                    lasts = max(self.today, expiry + (self.today - self.days[spent]))
                self.lots[new[-1]] = [lasts, back, available]
                self.expiries[new[-1]] = expiry
                self.given[spent][new[-1]] = back
        self._settle()
        return new

    def sleep(self, today):
        for lot in self.lots.values():
            # Nobody opens what holds nothing.
            if lot[2] and lot[2] <= today and lot[1]:
                lot[2] = None
        self._settle()
        for lot in self.lots.values():
            if lot[0] and lot[0] < today and not lot[2]:
                lot[1] = Decimal(0)

    def _settle(self):
        keys = list(self.lots)
        supply = [
            (number, self.lots[key][0], self.lots[key][1])
            for number, key in enumerate(keys)
            if self.lots[key][1] and not self.lots[key][2]
        ]
        wanted = [(key, rest) for key, rest in self.debts.items() if rest]
        for debt, number, taken in allocate(supply, wanted):
            self.lots[keys[number]][1] -= taken
            self.debts[debt] -= taken
            self.uses[self.root.get(debt, debt)][keys[number]] += taken

    def get_facts(self):
        """Return ({expiry: spendable}, pending, owed)."""
        spendable, pending = defaultdict(Decimal), Decimal(0)
        for expiry, rest, available in self.lots.values():
            if available:
                pending += rest
            elif rest:
                spendable[expiry] += rest
        return dict(spendable), pending, sum(self.debts.values(), Decimal(0))


def _longest_first(group):
    expiry, available = group
    return (-(expiry or date.max).toordinal(), bool(available))
