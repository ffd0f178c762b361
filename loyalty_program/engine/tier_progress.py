"""The way to the next tier, and where a sale would lead.

The till has a twin of this, see ``tier_progress.js``; both answer the cases in
``tests/cases/tiers.json`` alike. Numbers may be Decimal, Fraction or int, never float.
"""

from dataclasses import dataclass
from fractions import Fraction

from .tier_path import reached


@dataclass(frozen=True)
class NextStep:
    """The next tier that a member has not reached.

    :param tier_id: None: there is none above
    :param index: of the metric to tell about: where both must be reached the one that
        is farther from its threshold, else the nearer one
    :param missing: of that metric
    :param threshold: of that metric
    :param ratio: how much of the way is done, 0 to 1
    """

    tier_id: int | None
    index: int = 0
    missing: object = 0
    threshold: object = 0
    ratio: Fraction = Fraction(1)


def next_step(policy, tier_id, amounts):
    """Return the NextStep of who holds ``tier_id`` with ``amounts``."""
    for level in policy.levels[rank(policy, tier_id) + 1 :]:
        if reached(policy, amounts, level.enter):
            continue
        ratios = [
            min(Fraction(have) / Fraction(wanted), 1) if wanted else Fraction(1)
            for have, wanted in zip(amounts, level.enter, strict=True)
        ]
        ratio = max(ratios) if policy.joined == "any" else min(ratios)
        index = ratios.index(ratio)
        wanted = level.enter[index]
        missing = max(wanted - amounts[index], 0)
        return NextStep(level.tier_id, index, missing, wanted, ratio)
    return NextStep(None)


def projected(policy, tier_id, amounts, sale, is_locked=False):
    """Return the tier that a sale of today leads to.

    :param sale: what it adds to each metric
    :param bool is_locked: nothing moves the tier now
    """
    if is_locked:
        return tier_id
    after = [have + more for have, more in zip(amounts, sale, strict=True)]
    for level in reversed(policy.levels[rank(policy, tier_id) + 1 :]):
        if reached(policy, after, level.enter):
            return level.tier_id
    return tier_id


def rank(policy, tier_id):
    """Return the index of the tier's level, -1 for none."""
    ids = [level.tier_id for level in policy.levels]
    return ids.index(tier_id) if tier_id in ids else -1
