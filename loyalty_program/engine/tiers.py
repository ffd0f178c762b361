"""Which tier a member has reached."""

from decimal import Decimal

from .dates import add_months


def window_start(today, months):
    """Return the first day that counts, or None when a lifetime counts."""
    return add_months(today, -months) if months else None


def qualify(metric, tiers):
    """Return the id of the highest tier whose threshold is reached, or None.

    :param Decimal metric: money spent or points earned within the window; who gave
        back more than that stands at zero
    :param tiers: iterable of TierRule
    """
    metric = max(metric, Decimal(0))
    reached = [tier for tier in tiers if tier.threshold <= metric]
    return max(reached, key=lambda tier: tier.threshold).tier_id if reached else None


def progress(metric, tiers):
    """Return (next TierRule or None, missing, ratio) towards the next tier.

    :return: missing in the metric's unit; ratio between 0 and 1, 1 at the top
    """
    metric = max(metric, Decimal(0))
    ahead = sorted(
        (tier for tier in tiers if tier.threshold > metric),
        key=lambda tier: tier.threshold,
    )
    if not ahead:
        return None, Decimal(0), Decimal(1)
    target = ahead[0].threshold
    return ahead[0], target - metric, metric / target
