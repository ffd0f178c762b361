from odoo import models

SHOP_MODELS = ("product.product", "product.template")


class WebsiteSnippetFilter(models.Model):
    """Rows of products on any page: they are searched by the superuser of code."""

    _inherit = "website.snippet.filter"

    def _prepare_values(self, limit=None, search_domain=None, **kwargs):
        """Override of ``website_sale``: rows do not show what is hidden."""
        if (kwargs.get("res_model") or self.model_name) in SHOP_MODELS:
            # A list, as ``website_sale`` takes one of its marks out of it.
            shown = ("is_shown_to_user", "=", True)
            search_domain = [*(search_domain or []), shown]
        return super()._prepare_values(limit, search_domain, **kwargs)

    def _filter_records_to_values(self, records, **options):
        """Override of ``website_sale``: nor does a single product of a page."""
        if getattr(records, "_name", None) in SHOP_MODELS:
            records = records.filtered("is_shown_to_user")
        return super()._filter_records_to_values(records, **options)
