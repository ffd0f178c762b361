"""How much of a document's entries shall be undone by now."""

from dataclasses import dataclass, field
from decimal import Decimal

from ..engine import proration
from ..engine.bonus import BONUS
from ..engine.rounding import to_decimal
from ..engine.shares import to_text
from ..engine.values import ZERO


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
    shares, steps = {}, {}
    for entry, parts in kept.items():
        facts = entry.breakdown
        shares[entry] = proration.kept_shares(facts, parts, paid)
        steps[entry] = proration.make_step(
            to_decimal(entry.points),
            facts,
            shares[entry][0],
            proration.kept_lines(facts, parts, paid),
        )
    return {
        entry: Target(
            to_decimal(entry.points) - points,
            proration.taken_base(to_decimal(entry.base_amount), shares[entry][1]),
            {
                "goods": proration.describe_return(entry.breakdown, kept[entry]),
                "of": to_text(to_decimal(entry.points)),
            },
        )
        for entry, points in _keep_points(steps).items()
    }


def _keep_points(steps):
    """Return {entry: points that stay}, each bonus rounded with what it is beside.

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
    kept = proration.keep_points([steps[entry] for entry in alone], scale)
    bonus = proration.keep_points(
        [steps[entry] for entry in beside],
        scale,
        beside=[steps[entry] for entry in beside.values()],
    )
    return {
        **dict(zip(alone, kept, strict=True)),
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
