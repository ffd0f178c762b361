from odoo import models


class LoyaltyCard(models.Model):
    """The right to be forgotten: what a customer told goes, the care plan stays."""

    _inherit = "loyalty.card"

    def _anonymise_contact(self, partner):
        people = self._get_people(partner)
        result = super()._anonymise_contact(partner)
        plans = self.env["loyalty.care.plan"].search([("partner_id", "in", people.ids)])
        claims = plans.claim_ids
        self.env["ir.attachment"].search(
            [("res_model", "=", claims._name), ("res_id", "in", claims.ids)]
        ).unlink()
        (plans.message_ids | claims.message_ids).unlink()
        claims._erase_story()
        return result


class LoyaltyCareClaim(models.Model):
    _inherit = "loyalty.care.claim"

    def _erase_story(self):
        """Remove what customers and staff wrote. Override to: forget copies of it."""
        self.write({"description": self.env._("Erased"), "answer": False})
