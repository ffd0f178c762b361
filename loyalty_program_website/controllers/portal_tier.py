"""The member's own tier: what it gives, what keeps it, where the next one begins."""

from odoo.http import request, route

from .portal import OVERVIEW_URL, LoyaltyPortal


class LoyaltyTierPortal(LoyaltyPortal):
    @route(
        "/my/loyalty/<int:program_id>/tier",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def portal_my_loyalty_tier(self, program_id, **_query):
        """Show the customer's own tier: progress, benefits, rules and history."""
        program, card = self._find_loyalty_program(program_id)
        if not card or not program.tier_ids:
            return request.redirect(OVERVIEW_URL)
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="loyalty_tier",
            program=program,
            card=card,
            **card._get_portal_tier(),
        )
        return request.render("loyalty_program_website.portal_loyalty_tier", values)
