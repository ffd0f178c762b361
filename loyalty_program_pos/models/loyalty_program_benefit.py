from odoo import api, models


class LoyaltyProgram(models.Model):
    """A tier's percentage at the till: loaded with the card that all orders share."""

    _inherit = "loyalty.program"

    @api.model
    def _get_tier_discount_scope_fields(self):
        return [*super()._get_tier_discount_scope_fields(), "pos_config_ids", "pos_ok"]

    @api.model
    def _load_pos_data_fields(self, config):
        return [
            *super()._load_pos_data_fields(config),
            "is_tier_discount",
            "shared_card_id",
        ]
