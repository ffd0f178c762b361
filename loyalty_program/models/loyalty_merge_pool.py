from odoo import models


class LoyaltyMerge(models.Model):
    """The card that stays after a merge takes the place of the others in a pool."""

    _inherit = "loyalty.merge"

    def _merge_cards(self, cards, partner):
        pool = next((card._get_pool() for card in cards if card.account_id), None)
        cards.pool_member_ids._decline()
        cards.pool_member_ids._leave()
        result = super()._merge_cards(cards, partner)
        if pool:
            kept = cards.filtered("active")
            pool.active = True
            if kept.member_state == "joined" and not kept.account_id:
                pool._add(kept, "backoffice")
            pool._choose_owner()
        return result
