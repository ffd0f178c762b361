"""The stock card pages of the portal, made safe against foreign and odd input."""

from odoo.http import request, route

from .parameters import get_known_key, parse_page
from odoo.addons.website_sale_loyalty.controllers.portal import CustomerPortalLoyalty


class LoyaltyCardPortal(CustomerPortalLoyalty):
    @route()
    def portal_my_loyalty_card_history(self, card_id, page=1, sortby="date", **kw):
        """Override of ``loyalty``: an unknown sorting means the usual one."""
        if not self._owns_loyalty_card(card_id):
            return request.redirect("/my")
        sortby = get_known_key(self._get_loyalty_searchbar_sortings(), sortby)
        return super().portal_my_loyalty_card_history(
            card_id, page=parse_page(page), sortby=sortby, **kw
        )

    @route()
    def portal_get_card_history_values(self, card_id):
        """Override of ``loyalty``: a foreign card answers like one that never was."""
        if not self._owns_loyalty_card(card_id):
            return {}
        values = super().portal_get_card_history_values(card_id)
        # sudo: customers cannot read rewards; their own card was checked above.
        card_sudo = request.env["loyalty.card"].sudo().browse(int(card_id))
        rewards = card_sudo.program_id.reward_ids
        closed = rewards - rewards._filter_for(request.env.user.partner_id)
        hidden = set(closed.mapped("description"))
        values["rewards"] = [
            reward
            for reward in values.get("rewards", ())
            if reward["description"] not in hidden
        ]
        return values

    def _owns_loyalty_card(self, card_id):
        # sudo: customers cannot read cards; the search is bound to their own.
        cards_sudo = request.env["loyalty.card"].sudo()
        own_ids = cards_sudo.search(
            [("partner_id", "=", request.env.user.partner_id.id)]
        ).ids
        return str(card_id).isdecimal() and int(card_id) in own_ids
