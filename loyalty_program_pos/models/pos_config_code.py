from odoo import models


class PosConfig(models.Model):
    """Codes entered at the till: read kindly, and no guessing."""

    _inherit = "pos.config"

    def use_coupon_code(self, code, creation_date, partner_id, pricelist_id):
        self.check_access("read")
        self.env["pos.order"]._check_at_till()
        # sudo: till users have no access to the register of wrong codes.
        attempts = self.env["loyalty.code.attempt"].sudo()
        guesser = attempts._get_guesser(is_cashier=True)
        if guesser and (message := attempts._get_wait_message(guesser, code)):
            return self._refuse_code(message)
        cards = self.env["loyalty.card"]
        stored = cards._read_code(code)
        if stored is False:
            return self._refuse_code(cards._get_mistyped_message(code))
        if guesser and not cards._get_known_codes([stored]):
            attempts._record(guesser, code)
        if reason := self._explain_coupon(stored, partner_id):
            return self._refuse_code(reason)
        return super().use_coupon_code(stored, creation_date, partner_id, pricelist_id)

    def _refuse_code(self, message):
        return {"successful": False, "payload": {"error_message": message}}
