from dataclasses import dataclass
from datetime import date

from odoo import models
from odoo.tools import SQL


@dataclass(frozen=True)
class TierFacts:
    """What purchases of the past tell of those who would hold a tier.

    :param entering: how many of ``members`` do not hold it yet, nor a higher one
    :param revenue: what they bought, in the programme's currency
    :param points: what they earned by it
    :param first: the first day that was looked at, ``months`` before today
    :param cards: a query of the ids of their cards
    """

    members: int
    entering: int
    revenue: float
    points: float
    months: int
    first: date
    cards: SQL


@dataclass(frozen=True)
class Estimate:
    """What a benefit would have cost.

    :param amount: money, or None where nothing tells what it costs
    :param words: how it was estimated, or why it could not be: whole sentences
    """

    amount: float | None
    words: str


class LoyaltyTierBenefit(models.Model):
    """What a benefit costs, as far as purchases of the past tell."""

    _inherit = "loyalty.tier.benefit"

    def _estimate_cost(self, facts):
        """Return what the benefit would have cost.

        Override to: add a kind of benefit whose cost can be told.

        :param TierFacts facts: of those who would have had it
        :rtype: Estimate
        """
        self.ensure_one()
        if self.kind == "multiplier":
            return self._estimate_points(
                facts.points * (self.factor - 1),
                self.env._(
                    "The bonus on the points that they earned, at the value of a point."
                ),
            )
        if self.kind == "discount":
            return Estimate(
                facts.revenue * self.discount / 100,
                self.env._("The percentage of what they bought."),
            )
        if self.kind == "cheaper_rewards":
            return self._estimate_points(
                self._count_spent(facts) * self.points_off / 100,
                self.env._(
                    "The percentage of the points that they spent on these rewards, at "
                    "the value of a point."
                ),
            )
        return Estimate(None, self._explain_uncounted())

    def _estimate_points(self, points, words):
        """Return the estimate of so many points; without a value they cost nothing."""
        value = self.program_id.point_value
        if not value:
            return Estimate(
                None,
                self.env._(
                    "Not counted: the programme does not say what a point is worth."
                ),
            )
        return Estimate(points * value, words)

    def _explain_uncounted(self):
        if self.kind == "pricelist":
            return self.env._(
                "Not counted: what these prices take off depends on the products."
            )
        return self.env._("Not counted: nothing tells what this costs.")

    def _count_spent(self, facts):
        """Return the points that the members spent on what would be cheaper, net."""
        rewards = self.cheaper_reward_ids or self.program_id.with_context(
            active_test=False
        ).reward_ids.filtered(lambda reward: not reward._is_by_the_point())
        rows = self.env.execute_query(self._query_spent(facts, rewards))
        return rows[0][0]

    def _query_spent(self, facts, rewards):
        # SQL: one sum over the entries of a million members.
        return SQL(
            """
            SELECT COALESCE(-SUM(e.points), 0)
            FROM loyalty_ledger_entry e
            LEFT JOIN loyalty_ledger_entry o ON o.id = e.reverses_id
            WHERE e.member_card_id IN (%(cards)s)
                AND e.entry_type IN ('redeem', 'redeem_reversal')
                AND e.occurred_at >= %(first)s
                AND (COALESCE(o.breakdown, e.breakdown)->>'reward_id')::int
                    = ANY(%(rewards)s)
            """,
            cards=facts.cards,
            first=facts.first,
            rewards=rewards.ids,
        )


class LoyaltyTier(models.Model):
    _inherit = "loyalty.tier"

    def _estimate_costs(self, facts):
        """Return what each benefit of the tier would have cost.

        :return: list of (benefit, Estimate)
        """
        self.ensure_one()
        return [
            (benefit, benefit._estimate_cost(facts)) for benefit in self.benefit_ids
        ]
