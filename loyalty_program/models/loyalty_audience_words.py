from odoo import models


class LoyaltyAudienceMixin(models.AbstractModel):
    """For whom something is, in a sentence of its own."""

    _inherit = "loyalty.audience.mixin"

    def _describe_audience(self):
        """Return for whom this is, as one sentence; False where it is for everybody."""
        self.ensure_one()
        if not self.has_audience:
            return False
        names = self._get_names()
        # Names of tiers are public, those of segments are not told.
        tiers = ", ".join(names.audience_tier_ids.sorted("threshold").mapped("name"))
        if not names.audience_segment_ids:
            return self.env._("Only for these tiers: %(tiers)s.", tiers=tiers)
        if not tiers:
            return self.env._("Only for customers whom we chose.")
        if self.audience_join == "all":
            return self.env._(
                "Only for customers whom we chose among these tiers: %(tiers)s.",
                tiers=tiers,
            )
        return self.env._(
            "Only for customers whom we chose and for these tiers: %(tiers)s.",
            tiers=tiers,
        )

    def _add_audience(self, sentence):
        """Return the sentence, and after it for whom it holds."""
        return " ".join(filter(None, [sentence, self._describe_audience()]))
