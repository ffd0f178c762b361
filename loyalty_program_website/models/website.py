from odoo import api, models
from odoo.fields import Domain


class Website(models.Model):
    """The shop without what is hidden from its visitor."""

    _inherit = "website"

    @api.model
    def _sees_all_products(self):
        """Tell whether the user is staff, who see what is unpublished as well."""
        return self.env.user._is_internal()

    def _product_domain(self):
        """Override of ``website_sale``: a plain test, for it filters records too."""
        return [*super()._product_domain(), ("is_shown_to_user", "=", True)]

    def _get_basic_feed_product_domain(self):
        """Override of ``website_sale``: what a feed offers, everybody may buy."""
        products = self.env["product.template"]._get_names()
        guest = self.env["res.partner"]
        closed = products._search(products._get_closed_domain(guest))
        domain = super()._get_basic_feed_product_domain()
        return Domain(domain) & Domain("product_tmpl_id", "not in", closed)
