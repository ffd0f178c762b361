from odoo import api, models


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    @api.model
    def _load_pos_data_fields(self, config):
        return super()._load_pos_data_fields(config) + [
            "audience_terms",
            "debt_policy",
            "earn_basis",
            "earn_on_gift_cards",
            "hold_days",
            "house_program_id",
            "ledger_policy",
            "order_cap",
            "points_rounding",
            "points_scale",
            "rounding_scope",
            "stamp_surplus",
            "stamps_needed",
            "takes_check_ins",
        ]

    def _is_strict(self):
        """Tell whether the server alone computes the points of this programme."""
        return self.is_managed and self.ledger_policy == "strict"
