from odoo import models

from ..till_call import till_call
from odoo.addons.loyalty_program.engine import shapes


class PosConfig(models.Model):
    """Codes entered at the till: read kindly, and no guessing."""

    _inherit = "pos.config"

    @till_call(
        code=shapes.optional(shapes.is_text),
        creation_date=shapes.is_day,
        partner_id=shapes.optional(shapes.is_id),
        pricelist_id=shapes.optional(shapes.is_id),
    )
    def use_coupon_code(self, code, creation_date, partner_id, pricelist_id):
        self._check_one_till()
        self.env["pos.order"]._check_at_till()
        stored, refusal = self.env["loyalty.card"]._enter_code(code)
        reason = refusal or self._explain_coupon(stored, partner_id)
        if reason:
            return {"successful": False, "payload": {"error_message": reason}}
        return super().use_coupon_code(stored, creation_date, partner_id, pricelist_id)
