from odoo import api, models

from ..till_call import till_call
from odoo.addons.loyalty_program.engine import codes, shapes


class LoyaltyCard(models.Model):
    """Codes entered at the till."""

    _inherit = "loyalty.card"

    @api.model
    def _enter_code(self, text, may_be_new=False):
        """Return (stored code, None) of what a cashier enters, or (False, why not).

        Wrong codes are counted, and cost more and more time.

        :param bool may_be_new: an unknown code is that of a new card, as often as not;
            only one of a shape that computers make up is a guess
        """
        text = str(text or "")
        # sudo: till users have no access to the register of wrong codes.
        attempts = self.env["loyalty.code.attempt"].sudo()
        guesser = attempts._get_guesser(is_cashier=True)
        if guesser and (message := attempts._get_wait_message(guesser, text)):
            return False, message
        stored = self._read_code(text)
        if stored is False:
            return False, self._get_mistyped_message(text)
        is_guess = stored and (not may_be_new or codes.read(text).is_made)
        if guesser and is_guess and not self._get_known_codes([stored]):
            attempts._record(guesser, text)
        return stored, None

    @api.model
    @till_call(code=shapes.optional(shapes.is_text))
    def get_loyalty_card_partner_by_code(self, code):
        """Override: read the code kindly, and bear no guessing.

        The till asks this first for every code, whatever it is for. Somebody who has
        to wait gets no answer here, and is told so by ``use_coupon_code``.
        """
        self.env["pos.order"]._check_at_till()
        stored, _refusal = self._enter_code(code)
        return super().get_loyalty_card_partner_by_code(stored) if stored else False

    @api.model
    @till_call(gift_code=shapes.optional(shapes.is_text), config_id=shapes.is_id)
    def get_gift_card_status(self, gift_code, config_id):
        """Override: read the code of a card that is sold kindly, and bear no guessing.

        Who has to wait learns nothing: neither that a card is there nor what it holds.
        """
        self.env["pos.order"]._check_at_till()
        stored, refusal = self._enter_code(gift_code, may_be_new=True)
        if refusal:
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
