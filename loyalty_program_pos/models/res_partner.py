from odoo import api, models


class ResPartner(models.Model):
    """The till knows which tiers and segments its customers have."""

    _inherit = "res.partner"

    @api.model
    def _load_pos_data_fields(self, config):
        return super()._load_pos_data_fields(config) + ["loyalty_standing"]
