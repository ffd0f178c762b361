from odoo import api, models


class LoyaltyReward(models.Model):
    """What the till must know to ask how many points a reward shall take."""

    _inherit = "loyalty.reward"

    @api.model
    def _load_pos_data_fields(self, config):
        return super()._load_pos_data_fields(config) + [
            "choice_maximum",
            "choice_minimum",
            "choice_step",
            "has_choice",
        ]

    def _is_within_choice(self, cost):
        """Tell whether a till may have let the member choose so many points."""
        terms = self._get_choice_terms()
        return cost >= terms.minimum and (
            terms.maximum is None or cost <= terms.maximum
        )
