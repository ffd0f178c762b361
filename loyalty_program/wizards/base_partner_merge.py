from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge_loyalty_cards(self, src_partners, dst_partner):
        """Record what the merge moves from card to card as transfers."""
        with self.env["loyalty.ledger"]._claim(
            dst_partner, gain="transfer", loss="transfer"
        ):
            return super()._merge_loyalty_cards(src_partners, dst_partner)
