from odoo import models


class SaleOrder(models.Model):
    """Codes typed for an order: read kindly, and used by their owner only."""

    _inherit = "sale.order"

    def _try_apply_code(self, code):
        self.ensure_one()
        cards = self.env["loyalty.card"]
        stored = cards._read_code(code)
        if stored is False:
            return {"error": cards._get_mistyped_message(code)}
        # sudo: the owner of the coupon decides, whoever enters it.
        coupon = cards.sudo().search([("code", "=", stored)])
        if coupon and not coupon._may_be_used_by(self.partner_id):
            return self._get_foreign_code_status()
        if coupon and (reason := coupon._explain_unusable()):
            return {"error": reason}
        return super()._try_apply_code(stored)

    def _get_foreign_code_status(self):
        """Return what :meth:`_try_apply_code` answers to somebody else's coupon."""
        return {"error": self.env._("This coupon belongs to another customer.")}

    def _is_foreign(self, card):
        """Override: nor may it touch anybody else's balance or personal coupon."""
        return super()._is_foreign(card) or (
            not card._may_be_used_by(self.partner_id) and not self._is_loyalty_paid()
        )
