from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # sudo: the tier follows from the ledger, whoever merges.
        cards = self.env["loyalty.card"].sudo()
        cards.search([("partner_id", "=", dst_partner.id)])._refresh_tiers()
        return result

    def _merge_loyalty_cards(self, src_partners, dst_partner):
        """Record what the merge moves from card to card as transfers."""
        ledger = self.env["loyalty.ledger"]
        # sudo: the merge concerns every card of the contacts, whoever merges.
        cards = self.env["loyalty.card"].sudo()
        merging = cards.search([("partner_id", "in", src_partners.ids)])
        with ledger._claim(dst_partner, gain="transfer", loss="transfer"):
            result = super()._merge_loyalty_cards(src_partners, dst_partner)
        for card in merging.filtered(lambda c: not c.active and c.points_pending):
            target = cards.search(
                [
                    ("partner_id", "=", dst_partner.id),
                    ("program_id", "=", card.program_id.id),
                ],
                limit=1,
            )
            # sudo: the ledger is closed to everybody but the service.
            ledger.sudo()._transfer_pending(card, target)
        return result
