from odoo import models


class PosConfig(models.Model):
    """Codes entered at the till: read kindly, and no guessing."""

    _inherit = "pos.config"

    def use_coupon_code(self, code, creation_date, partner_id, pricelist_id):
        self.check_access("read")
        self.env["pos.order"]._check_at_till()
        stored, refusal = self.env["loyalty.card"]._enter_code(code)
        reason = refusal or self._explain_coupon(stored, partner_id)
        if reason:
            return {"successful": False, "payload": {"error_message": reason}}
        return super().use_coupon_code(stored, creation_date, partner_id, pricelist_id)
