from odoo import models


class LoyaltyTierBenefit(models.Model):
    """What a benefit costs, as far as purchases of the past tell."""

    _inherit = "loyalty.tier.benefit"

    def _estimate_cost(self, members, revenue, points):
        """Return the money that the benefit would have cost.

        :param int members: who would have had it
        :param float revenue: what they bought
        :param float points: what they earned by it

        Override to: add a kind of benefit that costs something.
        """
        self.ensure_one()
        if self.kind == "multiplier":
            return points * (self.factor - 1) * self.program_id.point_value
        if self.kind == "discount":
            return revenue * self.discount / 100
        return 0.0


class LoyaltyTier(models.Model):
    _inherit = "loyalty.tier"

    def _estimate_cost(self, members, revenue, points):
        """Return what all benefits of the tier would have cost."""
        self.ensure_one()
        return sum(
            benefit._estimate_cost(members, revenue, points)
            for benefit in self.benefit_ids
        )
