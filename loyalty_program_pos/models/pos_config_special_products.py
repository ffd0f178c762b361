from odoo import models


class PosConfig(models.Model):
    """Products that a till knows and does not offer."""

    _inherit = "pos.config"

    def _get_special_products(self):
        product = self.env["loyalty.program"]._find_points_value_product()
        return super()._get_special_products() | product
