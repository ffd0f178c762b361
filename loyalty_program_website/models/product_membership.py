from odoo import models


class ProductTemplate(models.Model):
    """What a paid membership gives, told on its page in the shop."""

    _inherit = "product.template"

    def _list_membership_words(self):
        """Return what the product gives, as sentences for its buyer."""
        self.ensure_one()
        # sudo: what a tier gives is told to everybody; visitors cannot read tiers.
        tier = self.sudo().loyalty_tier_id
        if not tier:
            return []
        facts = {"tier": tier.name, "program": tier.program_id.name}
        months = self.loyalty_term_months
        term = (
            self.env._("%(tier)s in “%(program)s” for one month.", **facts)
            if months == 1
            else self.env._(
                "%(tier)s in “%(program)s” for %(months)s months.",
                months=months,
                **facts,
            )
        )
        start = self.env._(
            "It begins when it is paid for. Renewed early, it begins where the last "
            "term ends."
        )
        return [term, *tier._list_benefits(), start]
