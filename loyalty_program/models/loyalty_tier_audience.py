from odoo import api, models


class LoyaltyTier(models.Model):
    _inherit = "loyalty.tier"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_named(self):
        self._check_unnamed()

    def _check_unnamed(self):
        """Refuse where something else than a tier's own benefits is for it."""
        self.env["loyalty.audience.mixin"]._check_unnamed("audience_tier_ids", self)


class LoyaltySegment(models.Model):
    _inherit = "loyalty.segment"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_named(self):
        self.env["loyalty.audience.mixin"]._check_unnamed("audience_segment_ids", self)
