"""What a campaign changed, compared with the members it left alone."""

from dataclasses import dataclass
from math import sqrt

#: Distance, in standard errors, from which chance is no longer a fair
#: explanation (95 % of the normal distribution, both sides).
CERTAIN = 1.96

#: Smallest number of members in each group for the normal distribution to hold.
FEWEST = 30


@dataclass(frozen=True)
class Group:
    """One side of the comparison.

    :param members: how many are in the group
    :param returned: how many of them bought again
    :param revenue: what they spent, in the programme's currency
    """

    members: int = 0
    returned: int = 0
    revenue: float = 0.0

    @property
    def rate(self):
        """Return the share that bought again, 0..1."""
        return self.returned / self.members if self.members else 0.0


def compare(treated, hold_out):
    """Measure the treated members against those kept out.

    :param Group treated: members the campaign reached for
    :param Group hold_out: members it left alone, drawn by chance
    :return: dict with ``uplift`` (difference of the rates, -1..1),
        ``revenue`` (what the treated spent beyond what they would have spent
        untouched) and ``verdict``: ``few``, ``unclear``, ``better`` or ``worse``
    """
    uplift = treated.rate - hold_out.rate if hold_out.members else 0.0
    expected = (
        hold_out.revenue / hold_out.members * treated.members
        if hold_out.members
        else treated.revenue
    )
    return {
        "uplift": uplift,
        "revenue": treated.revenue - expected,
        "verdict": _judge(treated, hold_out, uplift),
    }


def _judge(treated, hold_out, uplift):
    if min(treated.members, hold_out.members) < FEWEST:
        return "few"
    members = treated.members + hold_out.members
    pooled = (treated.returned + hold_out.returned) / members
    error = sqrt(pooled * (1 - pooled) * (1 / treated.members + 1 / hold_out.members))
    if not error or abs(uplift) < CERTAIN * error:
        return "unclear"
    return "better" if uplift > 0 else "worse"
