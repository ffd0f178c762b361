from odoo import api, models


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    @api.model
    def _load_pos_data_fields(self, config):
        return super()._load_pos_data_fields(config) + [
            "cap_room",
            "earn_factor",
            "may_earn",
            "may_spend",
            "member_number",
            "member_state",
            "points_pending",
            "reward_prices",
            "tier_figures",
            "tier_id",
        ]
