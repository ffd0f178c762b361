from odoo import models
from odoo.http import request

#: Where the visitor's session keeps whose link they came by.
SESSION_KEY = "loyalty_referral"


class Website(models.Model):
    """A visitor who came by a member's link keeps it: in the session and the cart."""

    _inherit = "website"

    def _get_referral_card(self):
        """Return the card by whose link the visitor came, or an empty record."""
        code = request and request.session.get(SESSION_KEY)
        return self._find_referral_card(code or "")

    def _find_referral_card(self, code):
        # sudo: visitors cannot read cards; this one they were given the code of.
        card = self.env["loyalty.referral"].sudo()._find_card(code)
        is_here = card and card.program_id in self._get_referral_programs()
        return card if is_here else card.browse()

    def _takes_friend_codes(self):
        """Tell whether anybody may be brought to this website."""
        return any(p._takes_referrals() for p in self._get_referral_programs())

    def _get_referral_programs(self):
        # sudo: which programmes this website offers is no secret.
        return self.env["loyalty.program"].sudo()._get_website_programs(self)

    def _get_referral_network(self):
        """Return a keyed hash of the visitor's internet address."""
        # sudo: the register's secret keys the hash.
        attempts = self.env["loyalty.code.attempt"].sudo()
        return attempts._hash("referral", attempts._get_network())

    def _read_referral_code(self, code):
        """Return (card, None), or (empty, why not) for a code that a visitor gives.

        Wrong codes are counted, and cost more and more time.
        """
        # sudo: see above; visitors have no access to the register.
        attempts = self.env["loyalty.code.attempt"].sudo()
        guesser = attempts._get_guesser()
        if guesser and (message := attempts._get_wait_message(guesser, code)):
            return attempts.env["loyalty.card"], message
        card = self._find_referral_card(code)
        if card:
            return card, None
        if guesser:
            attempts._record(guesser, code)
        return card, self.env._("This code of a friend is not valid.")

    def _prepare_sale_order_values(self, partner_sudo):
        """Override of ``website_sale``: a new cart knows who brought the visitor."""
        values = super()._prepare_sale_order_values(partner_sudo)
        if card := self._get_referral_card():
            values["referral_card_id"] = card.id
            values["referral_network"] = self._get_referral_network()
        return values

    def _note_referral(self, card):
        """Keep whose link or code the visitor has, in session and cart."""
        request.session[SESSION_KEY] = card.referral_code
        if cart := request.cart:
            cart.write(
                {
                    "referral_card_id": card.id,
                    "referral_network": self._get_referral_network(),
                }
            )
