from odoo import api, models


class LoyaltyCard(models.Model):
    """Codes entered at the till."""

    _inherit = "loyalty.card"

    @api.model
    def get_loyalty_card_partner_by_code(self, code):
        """Override: read the code kindly, and bear no guessing.

        The till asks this first for every code, whatever it is for. Somebody who has
        to wait gets no answer here, and is told so by ``use_coupon_code``.
        """
        self.env["pos.order"]._check_at_till()
        # sudo: till users have no access to the register of wrong codes.
        attempts = self.env["loyalty.code.attempt"].sudo()
        guesser = attempts._get_guesser(is_cashier=True)
        if guesser and attempts._get_wait_message(guesser, code):
            return False
        stored = self._read_code(code)
        if guesser and stored and not self._get_known_codes([stored]):
            attempts._record(guesser, code)
        return super().get_loyalty_card_partner_by_code(stored) if stored else False

    @api.model
    def get_gift_card_status(self, gift_code, config_id):
        """Override: read the code of a card that is sold kindly, too."""
        self.env["pos.order"]._check_at_till()
        stored = self._read_code(gift_code)
        if stored is False:
            # The till says that the code seems wrong, and asks to check it.
            return {"status": False, "data": {self._name: []}}
        return super().get_gift_card_status(stored, config_id)

    @api.model
    def _get_known_codes(self, candidates):
        """Override: a promotion may have a code to scan besides the one to type."""
        known = super()._get_known_codes(candidates)
        if known:
            return known
        # sudo: as in the method overridden.
        rules = self.env["loyalty.rule"].sudo()
        domain = [("promo_barcode", "in", candidates)]
        return set(rules.search(domain).mapped("promo_barcode"))
