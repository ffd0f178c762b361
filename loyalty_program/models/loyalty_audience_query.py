from odoo import models
from odoo.fields import Domain


class LoyaltyAudienceMixin(models.AbstractModel):
    """The same question to the database: who is admitted by which audience.

    It answers what ``engine.audience`` answers, however many records or customers
    there are.
    """

    _inherit = "loyalty.audience.mixin"

    def _get_admitting_domain(self, tier_ids, segment_ids):
        """Return the domain of the records that admit who holds these.

        It names fields that customers may not read: search it with ``_get_names()``.

        :param tier_ids: iterable of the tiers that the customer holds
        :param segment_ids: iterable of the segments that the customer is in
        """
        any_tier = Domain("audience_tier_ids", "=", False)
        any_segment = Domain("audience_segment_ids", "=", False)
        tier = Domain("audience_tier_ids", "in", list(tier_ids))
        segment = Domain("audience_segment_ids", "in", list(segment_ids))
        return Domain.OR(
            [
                any_tier & any_segment,
                Domain("audience_join", "=", "any") & (tier | segment),
                Domain("audience_join", "=", "all")
                & (any_tier | tier)
                & (any_segment | segment),
            ]
        )

    def _get_customer_domain(self):
        """Return the domain of the customers whom the audience of this record admits.

        Nobody named: everybody. Search it with ``sudo``: customers do not read each
        other's tiers and segments.
        """
        self.ensure_one()
        names = self._get_names()
        tiers, segments = names.audience_tier_ids, names.audience_segment_ids
        asked = []
        if tiers:
            asked.append(Domain("loyalty_tier_ids", "in", tiers.ids))
        if segments:
            # An archived segment has no customers, but it still keeps others out.
            living = segments.filtered("active")
            asked.append(Domain("loyalty_segment_ids", "in", living.ids))
        if not asked:
            return Domain.TRUE
        return Domain.AND(asked) if self.audience_join == "all" else Domain.OR(asked)
