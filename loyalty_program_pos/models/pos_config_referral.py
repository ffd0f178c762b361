from odoo import models
from odoo.exceptions import UserError

from ..till_call import till_call
from .pos_config import CONSENT
from odoo.addons.loyalty_program.engine import shapes


class PosConfig(models.Model):
    """Who joins at the till tells the cashier the code of a friend."""

    _inherit = "pos.config"

    @till_call(program_id=shapes.is_id)
    def loyalty_get_terms(self, program_id):
        """Override: tell whether to ask for the code of a friend as well."""
        terms = super().loyalty_get_terms(program_id)
        program = self._get_joinable_program(program_id)
        return {**terms, "takes_referrals": program._takes_referrals()}

    @till_call(program_id=shapes.is_id, partner_id=shapes.is_id, consent=CONSENT)
    def loyalty_join(self, program_id, partner_id, consent):
        """Override: note first by whom the customer was brought, if they say so.

        :raise UserError: no such code; nobody has joined then
        """
        if code := str(consent.get("friend_code") or "").strip():
            program = self._get_joinable_program(program_id)
            partner = self._get_customer(partner_id)
            # sudo: till users have no access to referrals; register, programme and
            # customer were checked.
            card = self._find_referral_card(program.sudo(), code)
            # sudo: as above.
            self.env["loyalty.referral"].sudo()._claim(card, partner.sudo(), "pos")
        return super().loyalty_join(program_id, partner_id, consent)

    def _find_referral_card(self, program, code):
        """Return the member's card that a code stands for; wrong ones are counted.

        :raise UserError: none of this programme, or too many wrong ones
        """
        attempts = program.env["loyalty.code.attempt"]
        guesser = attempts._get_guesser(is_cashier=True)
        if guesser and (message := attempts._get_wait_message(guesser, code)):
            raise UserError(message)
        card = program.env["loyalty.referral"]._find_card(code)
        if card and card.program_id == program:
            return card
        if guesser:
            attempts._record(guesser, code)
        raise UserError(
            self.env._("“%(code)s” is no member's code for friends.", code=code)
        )
