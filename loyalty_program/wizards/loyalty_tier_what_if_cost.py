from odoo import fields, models
from odoo.tools import SQL

from ..models.loyalty_tier_cost import TierFacts


class LoyaltyTierWhatIf(models.TransientModel):
    _inherit = "loyalty.tier.what.if"

    cost_ids = fields.One2many(
        comodel_name="loyalty.tier.what.if.cost",
        inverse_name="what_if_id",
        string="What each benefit would have cost",
        readonly=True,
    )

    def _get_tier_facts(self, lines, level, rows):
        """Return the facts of those who would hold the tier of a level.

        :param lines: the ladder from below; :param level: 1 for its first line
        :param rows: of :meth:`_query_counts`
        :rtype: TierFacts
        """
        then = [row for row in rows if row[1] == level]
        members, revenue, points = (
            sum(row[column] for row in then) for column in (2, 3, 4)
        )
        today = self.program_id._get_local_date()
        return TierFacts(
            members=members,
            entering=sum(row[2] for row in then if row[0] < level),
            revenue=revenue,
            points=points,
            months=self.months,
            first=fields.Date.subtract(today, months=self.months),
            cards=SQL(
                "WITH %s SELECT id FROM member WHERE level = %s",
                self._sql_members(lines),
                level,
            ),
        )


class LoyaltyTierWhatIfCost(models.TransientModel):
    """What one benefit would have cost, and how that was found out."""

    _name = "loyalty.tier.what.if.cost"
    _description = "What If: Cost"
    _order = "id"

    what_if_id = fields.Many2one(
        comodel_name="loyalty.tier.what.if",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="what_if_id.currency_id")
    tier_id = fields.Many2one(
        comodel_name="loyalty.tier", required=True, ondelete="cascade"
    )
    tier_color = fields.Integer(related="tier_id.color")
    benefit = fields.Char(required=True)
    is_known = fields.Boolean()
    cost = fields.Monetary()
    words = fields.Char(string="How it is estimated")


class LoyaltyTierWhatIfLine(models.TransientModel):
    _inherit = "loyalty.tier.what.if.line"

    def _prepare_costs(self, costs):
        """Return the values of a row for each of ``loyalty.tier._estimate_costs``."""
        return [
            {
                "tier_id": self.tier_id.id,
                "benefit": benefit.display_name,
                "is_known": estimate.amount is not None,
                "cost": estimate.amount or 0,
                "words": estimate.words,
            }
            for benefit, estimate in costs
        ]
