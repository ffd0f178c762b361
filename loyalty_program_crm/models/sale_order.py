from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _try_apply_code(self, code):
        """Refuse a campaign's coupon to everybody but its member."""
        # sudo: a webshop visitor sees neither cards nor participations; the answer
        # tells only that the code is somebody else's.
        participation = (
            self.env["loyalty.participation"]
            .sudo()
            .search([("coupon_id.code", "=", code)], limit=1)
        )
        owner = participation.coupon_id.partner_id
        if owner and owner != self.partner_id:
            return {
                "error": self.env._(
                    "This coupon is personal: only the member who received it"
                    " can use it."
                )
            }
        return super()._try_apply_code(code)
