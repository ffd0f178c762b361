from odoo import api, models

from ..engine import codes


class LoyaltyCard(models.Model):
    """Codes of cards: how they are made and how typed ones are read."""

    _inherit = "loyalty.card"

    @api.model
    def _generate_code(self):
        """Return a new code of 63 random bits.

        They need no look-up of the codes there are: among ten million cards, the odds
        that one of a million new codes meets another are one to a million.
        """
        return codes.generate()

    @api.model
    def _read_code(self, text):
        """Return the stored code that a typed or scanned text means.

        What is stored literally always wins, so codes of every other making go on
        working. An unknown code is returned as typed, without spaces around it.

        :param str text: as a customer, a cashier or a scanner enters it
        :return: the code, or False when it is ours but mistyped
        """
        reading = codes.read(text or "")
        known = self._get_known_codes(reading.candidates)
        for candidate in reading.candidates:
            if candidate in known:
                return candidate
        return False if reading.is_mistyped else reading.candidates[0]

    @api.model
    def _get_known_codes(self, candidates):
        """Return those of the codes that a card or a promotion has."""
        domain = [("code", "in", candidates)]
        # sudo: whether a code exists decides how to read it; nothing else is looked at.
        known = self.sudo().search(domain).mapped("code")
        if not known:
            rules = self.env["loyalty.rule"].sudo()  # sudo: as above.
            known = rules.search(domain).mapped("code")
        return set(known)

    @api.model
    def _get_mistyped_message(self, text):
        return self.env._(
            "“%(code)s” has a typing error. Please compare it with your card or "
            "e-mail: after the first three digits, codes have no letters I, L, O, Q "
            "and no digits 0, 1.",
            code=text,
        )

    def _may_be_used_by(self, partner):
        """Tell whether an order of ``partner`` may use this card.

        A balance is one customer's. A personal coupon is for everybody of the same
        company. A gift card, or a card without a customer, is whoever's that holds it.
        """
        self.ensure_one()
        owner = self.partner_id
        program = self.program_id
        if not owner or owner == partner or program.program_type == "gift_card":
            return True
        if not program.is_nominative and (
            owner.commercial_partner_id == partner.commercial_partner_id
        ):
            return True
        # A visitor's card becomes the customer's who signs in.
        return owner.is_public
