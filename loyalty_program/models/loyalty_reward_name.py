from odoo import api, models


class LoyaltyReward(models.Model):
    """In lists a reward is named with its price, as customers ask for it."""

    _inherit = "loyalty.reward"
    # As Odoo's, but certain: of rewards for the same points the older one comes first.
    _order = "required_points, id"

    @api.depends("required_points", "program_id.ledger_policy")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        for reward in self.filtered(lambda r: r.program_id.ledger_policy == "strict"):
            reward.display_name = self.env._(
                "%(reward)s (%(points)s)",
                reward=reward.display_name,
                points=reward._describe_price(),
            )
        return result
