from odoo import models


class ResPartner(models.Model):
    """What the tiers of a customer give."""

    _inherit = "res.partner"

    def _get_tier_benefits(self, kind):
        """Return the benefits of one kind that this customer has now."""
        # sudo: what the tier gives decides, whoever serves the customer.
        benefits = self.sudo().loyalty_tier_ids.benefit_ids
        return benefits.filtered(lambda benefit: benefit.kind == kind)
