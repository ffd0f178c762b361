from odoo import models


class LoyaltyReward(models.Model):
    _inherit = "loyalty.reward"

    def _get_portal_icon(self):
        """Return the picture beside the reward, by its type. Override to: add one."""
        icons = {
            "product": "gift",
            "shipping": "truck",
            "wallet": "money",
            "gift_card": "credit-card",
            "donation": "heart",
            "partner_code": "barcode",
            "experience": "calendar",
            "physical": "gift",
        }
        return icons.get(self.reward_type, "tag")

    def _prepare_coupon_program(self):
        """Override of ``loyalty_program``: coupons work where their programme does."""
        source = self.program_id
        return super()._prepare_coupon_program() | {
            "ecommerce_ok": source.ecommerce_ok,
            "website_id": source.website_id.id,
        }
