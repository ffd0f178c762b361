from odoo import api, models


class LoyaltyReward(models.Model):
    """What the till must know of the limits of rewards."""

    _inherit = "loyalty.reward"

    @api.model
    def _load_pos_data_fields(self, config):
        return super()._load_pos_data_fields(config) + [
            "claim_from",
            "claim_to",
            "exclusion_key",
            "limit_member",
            "limit_total",
        ]
