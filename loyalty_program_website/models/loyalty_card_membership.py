from odoo import models
from odoo.tools import format_date


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _get_portal_tier(self):
        return super()._get_portal_tier() | {"paid": self._get_portal_paid_term()}

    def _get_portal_paid_term(self):
        """Return what the member paid for, until when and where to renew, or None.

        :rtype: dict with ``words``, ``until`` and ``url`` (False: it is not sold here)
        """
        self.ensure_one()
        # sudo: customers cannot read these rows; what they paid for is told to them.
        terms = self.sudo().paid_membership_ids.filtered(
            lambda term: term.state == "active"
        )
        if not terms:
            return None
        last = max(terms, key=lambda term: term.ends_on)
        product = last.product_id.product_tmpl_id
        is_sold = product.active and product.is_published
        return {
            "words": self.env._(
                "Your %(tier)s membership is paid until %(day)s.",
                tier=last.tier_id.name,
                day=format_date(self.env, last.ends_on),
            ),
            "until": last.ends_on,
            "url": product.website_url if is_sold else False,
        }
