from odoo import api, models


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    @api.model
    def _load_pos_data_fields(self, config):
        return super()._load_pos_data_fields(config) + [
            "hold_days",
            "ledger_policy",
            "points_scale",
        ]

    def _is_strict(self):
        """Tell whether the server alone computes the points of this programme."""
        return self.is_managed and self.ledger_policy == "strict"
