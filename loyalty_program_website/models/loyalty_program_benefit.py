from odoo import api, models


class LoyaltyProgram(models.Model):
    """A tier's percentage in the webshops of its programme."""

    _inherit = "loyalty.program"

    @api.model
    def _get_tier_discount_scope_fields(self):
        names = super()._get_tier_discount_scope_fields()
        return [*names, "ecommerce_ok", "website_id"]
