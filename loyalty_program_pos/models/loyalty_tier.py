from odoo import api, fields, models


class LoyaltyTier(models.Model):
    _name = "loyalty.tier"
    _inherit = ["loyalty.tier", "pos.load.mixin"]

    gives_pricelist = fields.Boolean(compute="_compute_gives_pricelist")

    @api.depends("benefit_ids.kind")
    def _compute_gives_pricelist(self):
        for tier in self:
            tier.gives_pricelist = "pricelist" in tier.benefit_ids.mapped("kind")

    @api.model
    def _load_pos_data_domain(self, data, config):
        return [("program_id", "in", config._get_program_ids().ids)]

    @api.model
    def _load_pos_data_fields(self, config):
        return ["name", "color", "gives_pricelist", "write_date"]

    def _unrelevant_records(self, config):
        """Return the ids that a till should forget: tiers have no ``active`` field."""
        return (self - self.exists()).ids
