"""How much of a document's entries shall be undone by now."""

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import floor

from ..engine import proration
from ..engine.bonus import BONUS
from ..engine.rounding import to_decimal
from ..engine.shares import to_text
from ..engine.values import ZERO

#: Cause of what was posted because more is to be paid than before.
RAISED = "raised"

#: {entry type: (points, money)}
NO_SURPLUS = {"earn": (ZERO, ZERO), "bonus": (ZERO, ZERO)}


@dataclass(frozen=True)
class Target:
    """How much of an entry shall be undone, all in all, in the entry's own sign.

    :param breakdown: what was returned, JSON-ready
    """

    points: Decimal
    base: Decimal
    breakdown: dict = field(default_factory=dict)


def earned_targets(kept, paid=None):
    """Return {entry: Target} of earnings and bonuses that know their goods.

    What a document earned in steps, and with a multiplier, was rounded as one sum, and
    so is what is left of it.

    :param dict kept: {entry: {ref: part of the line that was kept}}, the entries of
        one document and programme in the order of their posting
    :param paid: part of the price of the goods that is to be paid now, after
        discounts; as the entries know it, without
    """
    shares = _get_shares(kept, paid)
    steps = _make_steps(kept, paid, shares)
    kept_points = _compute_together(proration.keep_points, steps)
    return {
        entry: Target(
            to_decimal(entry.points) - points,
            proration.taken_base(to_decimal(entry.base_amount), shares[entry][1]),
            {
                "goods": proration.describe_return(entry.breakdown, kept[entry]),
                "of": to_text(to_decimal(entry.points)),
            },
        )
        for entry, points in kept_points.items()
    }


def earned_surplus(kept, paid=None):
    """Return {entry type: (points, money)} that earnings and bonuses have no room for.

    Where more of the price is to be paid than when they were posted, the kept goods
    are worth more than they hold. What only a rounding would give is none.

    :param kept: see :func:`earned_targets`; ``paid`` likewise
    """
    surplus = dict(NO_SURPLUS)
    shares = _get_shares(kept, paid)
    steps = _make_steps(kept, paid, shares)
    for entry, (full, left) in _compute_together(proration.due_points, steps).items():
        share, base_share = shares[entry]
        points, base = surplus[entry.entry_type]
        if share > 1:
            points += max(left - full, ZERO)
            grown = Fraction(to_decimal(entry.base_amount)) * (base_share - 1)
            base += max(Decimal(floor(grown * 100)) / 100, ZERO)
        surplus[entry.entry_type] = points, base
    return surplus


def raised_targets(entries, surplus):
    """Return {entry: Target} of what was posted for a surplus, the last goes first.

    :param entries: of one type, see ``loyalty_ledger_raised``
    :param surplus: (points, money) of what there is now, see :func:`earned_surplus`
    """
    wanted = [get_wanted(entry) for entry in entries]
    money = [to_decimal(entry.base_amount) for entry in entries]
    targets = {}
    lost = proration.spread_last_first(max(sum(wanted) - surplus[0], ZERO), wanted)
    gone = proration.spread_last_first(max(sum(money) - surplus[1], ZERO), money)
    for entry, want, less, base in zip(entries, wanted, lost, gone, strict=True):
        points, scale = to_decimal(entry.points), entry.program_id.points_scale
        share = 1 - Fraction(less) / Fraction(want) if want else Fraction(1)
        targets[entry] = Target(
            proration.taken_back(points, entry.breakdown, share, scale),
            base,
            {"goods": [], "of": to_text(points)},
        )
    return targets


def _get_shares(kept, paid):
    """Return {entry: shares of what it earned}, see ``proration.due_shares``."""
    return {
        entry: proration.due_shares(entry.breakdown, parts, paid)
        for entry, parts in kept.items()
    }


def _make_steps(kept, paid, shares):
    """Return {entry: Step}."""
    return {
        entry: proration.make_step(
            to_decimal(entry.points),
            entry.breakdown,
            shares[entry][0],
            proration.kept_lines(entry.breakdown, parts, paid),
        )
        for entry, parts in kept.items()
    }


def _compute_together(compute, steps):
    """Return {entry: what ``compute`` says}, a bonus together with what it is beside.

    :param compute: ``proration.keep_points`` or its like
    :param dict steps: {entry: Step}
    """
    by_key = {entry.key: entry for entry in steps if entry.entry_type != "bonus"}
    beside = {
        entry: by_key[entry.key.removesuffix(BONUS)]
        for entry in steps
        if entry.entry_type == "bonus" and entry.key.removesuffix(BONUS) in by_key
    }
    alone = [entry for entry in steps if entry not in beside]
    scale = next(iter(steps)).program_id.points_scale if steps else 0
    own = compute([steps[entry] for entry in alone], scale)
    bonus = compute(
        [steps[entry] for entry in beside],
        scale,
        beside=[steps[entry] for entry in beside.values()],
    )
    return {
        **dict(zip(alone, own, strict=True)),
        **dict(zip(beside, bonus, strict=True)),
    }


def shared_target(entry, share):
    """Return the target of an earning that knows no goods, of which so much is left."""
    points, facts = to_decimal(entry.points), entry.breakdown or {}
    scale = entry.program_id.points_scale
    return Target(
        proration.taken_back(points, facts, share, scale),
        proration.taken_base(to_decimal(entry.base_amount), share),
        {"goods": [], "of": to_text(points)},
    )


def spent_target(entry, share):
    """Return the target of a redemption of which so much is still taken."""
    cost = -to_decimal(entry.points)
    spent = proration.still_spent(cost, share, entry.program_id.points_scale)
    facts = {"of": to_text(cost), "reward": (entry.breakdown or {}).get("reward")}
    return Target(spent - cost, ZERO, facts)


def is_raised(entry):
    return (entry.breakdown or {}).get("cause") == RAISED


def knows_goods(entry):
    return bool((entry.breakdown or {}).get("goods"))


def get_wanted(entry):
    """Return the points that were missing, whatever a limit left of them."""
    return Decimal(entry.breakdown["exact"])
