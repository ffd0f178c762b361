from odoo import api, models
from odoo.fields import Command


class LoyaltyReward(models.Model):
    """Rewards that are issued as coupons, at the till."""

    _inherit = "loyalty.reward"

    @api.model
    def _load_pos_data_fields(self, config):
        return super()._load_pos_data_fields(config) + ["issues_coupon"]

    def _prepare_coupon_program(self):
        """Override of ``loyalty_program``: coupons work where their programme does."""
        source = self.program_id
        return super()._prepare_coupon_program() | {
            "pos_ok": source.pos_ok,
            "pos_config_ids": [Command.set(source.pos_config_ids.ids)],
        }
