from odoo import models


class LoyaltyCard(models.Model):
    """The right to be forgotten: what a customer told goes, the care plan stays."""

    _inherit = "loyalty.card"

    def _anonymise_contact(self, partner):
        result = super()._anonymise_contact(partner)
        plans = self.env["loyalty.care.plan"].search([("partner_id", "=", partner.id)])
        claims = plans.claim_ids
        self.env["ir.attachment"].search(
            [("res_model", "=", claims._name), ("res_id", "in", claims.ids)]
        ).unlink()
        (plans.message_ids | claims.message_ids).unlink()
        claims.write({"description": self.env._("Erased"), "answer": False})
        return result
