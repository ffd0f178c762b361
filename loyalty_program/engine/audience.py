"""Who may: tiers, segments, or both. The till's twin answers the same cases."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Audience:
    """Who may use a programme, a rule, a reward, a product or a campaign.

    :param tier_ids: tiers that are admitted; empty: the tier does not matter
    :param segment_ids: segments that are admitted; empty: they do not matter
    :param both: a customer needs one of the tiers *and* one of the segments, where
        both are named; else one of either is enough
    """

    tier_ids: frozenset[int] = frozenset()
    segment_ids: frozenset[int] = frozenset()
    both: bool = False


def admits(audience, tier_ids, segment_ids):
    """Tell whether somebody with these tiers and segments belongs to the audience.

    :param Audience audience: names nobody: everybody belongs, guests too
    :param tier_ids: iterable of the tiers that the customer holds
    :param segment_ids: iterable of the segments that the customer is in
    """
    asked = [
        not named.isdisjoint(held)
        for named, held in (
            (audience.tier_ids, tier_ids),
            (audience.segment_ids, segment_ids),
        )
        if named
    ]
    return (all(asked) if audience.both else any(asked)) if asked else True
