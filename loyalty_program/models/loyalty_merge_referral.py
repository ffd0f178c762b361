from odoo import models


class LoyaltyMerge(models.Model):
    """The friends of a merged member are those of the card that stays."""

    _inherit = "loyalty.merge"

    def _merge_card(self, card, kept):
        result = super()._merge_card(card, kept)
        referrals = self.env["loyalty.referral"].search([("card_id", "=", card.id)])
        if referrals:
            referrals.card_id = kept
            referrals[0]._count()
        return result
