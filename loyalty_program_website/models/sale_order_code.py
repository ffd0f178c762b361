from odoo import models
from odoo.http import request


class SaleOrder(models.Model):
    """Codes typed in the webshop: guessing takes for ever, and tells nothing."""

    _inherit = "sale.order"

    def _try_apply_code(self, code):
        attempts, guesser = self._get_code_guesser()
        if not guesser or not (code or "").strip():
            return super()._try_apply_code(code)
        if message := attempts._get_wait_message(guesser, code):
            return {"error": message}
        if not guesser.account and self._is_dead_coupon(code):
            status = self._get_unknown_code_status()
        else:
            status = super()._try_apply_code(code)
            if "not_found" in status:
                status = self._get_unknown_code_status()
        if self._is_wrong_code(status, code):
            attempts._record(guesser, code)
        return status

    def _get_code_guesser(self):
        """Return the register of wrong codes, and who types in this webshop."""
        # sudo: visitors have no access to the register; it holds no clear text.
        attempts = self.env["loyalty.code.attempt"].sudo()
        is_shop = bool(request) and getattr(request, "is_frontend", False)
        return attempts, attempts._get_guesser() if is_shop else None

    def _get_foreign_code_status(self):
        """Override: a customer learns nothing about the coupons of others."""
        if not self._get_code_guesser()[1]:
            return super()._get_foreign_code_status()
        return self._get_unknown_code_status()

    def _get_unknown_code_status(self):
        """Return the one answer to codes that are unknown, used up or another's."""
        return {"error": self._explain_unknown_code(), "not_found": True}

    def _explain_unknown_code(self):
        """Return what a customer reads who typed such a code."""
        if self.env.user._is_public():
            return self.env._(
                "This code is not valid. If it was sent to you personally, please "
                "sign in first."
            )
        return self.env._("This code is not valid, or not any more.")

    def _is_dead_coupon(self, code):
        """Tell whether the code is one of a card that it cannot be used for."""
        cards = self.env["loyalty.card"]
        stored = cards._read_code(code)
        # sudo: the state of the card decides what a visitor is told: nothing.
        card = stored and cards.sudo().search([("code", "=", stored)])
        if not card:
            return False
        program = card.program_id
        today = self._get_confirmed_tx_create_date()
        needed = min(program.reward_ids.mapped("required_points"), default=0)
        with program._counting_up_to_limits():
            return (
                program.is_nominative
                or not program.active
                or bool(card.expiration_date and card.expiration_date < today)
                or card.points < needed
                or (
                    program.limit_usage
                    and program.total_order_count >= program.max_usage
                )
            )

    def _is_wrong_code(self, status, code):
        """Tell whether the answer is that of a guess that missed.

        A mistyped code is known to be none without looking; the code of a price list
        is none of ours.
        """
        if "not_found" not in status:
            return False
        # sudo: whether a price list has the code decides, not which.
        pricelists = self.env["product.pricelist"].sudo()
        return not pricelists.search_count([("code", "=", code)], limit=1)
