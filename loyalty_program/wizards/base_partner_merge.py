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
        """Merge cards that have a ledger by the ledger, all others as Odoo does."""
        # A card that is archived was merged before, or its member left.
        wizard = self.with_context(active_test=True)
        wizard.env["loyalty.merge"]._merge_contacts(src_partners, dst_partner)
        return super(BasePartnerMergeAutomaticWizard, wizard)._merge_loyalty_cards(
            src_partners, dst_partner
        )
