from odoo import models


class LoyaltyReward(models.Model):
    _inherit = "loyalty.reward"

    def _prepare_coupon_program(self):
        """Override of ``loyalty_program``: coupons work where their programme does."""
        source = self.program_id
        return super()._prepare_coupon_program() | {
            "ecommerce_ok": source.ecommerce_ok,
            "website_id": source.website_id.id,
        }
