from odoo import api, models


class ProductTemplate(models.Model):
    """The till knows for whom a product is; it loads them all, for any customer."""

    _inherit = "product.template"

    @api.model
    def _load_pos_data_fields(self, config):
        names = super()._load_pos_data_fields(config)
        return names + [
            "audience_terms",
            "audience_words",
            "care_terms",
            "is_care_plan",
            "open_to_all_from",
        ]
