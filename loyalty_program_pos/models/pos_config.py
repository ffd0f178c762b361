from odoo import models
from odoo.exceptions import AccessError, UserError

from ..till_call import explain_misshapen, till_call
from odoo.addons.loyalty_program.engine import shapes

#: How a customer says "yes" to the terms, and who brought them.
CONSENT = shapes.facts(
    consent=shapes.is_anything,
    friend_code=shapes.optional(shapes.is_text),
    terms_version=shapes.optional(shapes.is_text),
)


class PosConfig(models.Model):
    _inherit = "pos.config"

    @till_call(program_id=shapes.is_id)
    def loyalty_get_terms(self, program_id):
        """Return what a customer consents to by joining at this till.

        :param int program_id: a strict programme of this till
        :return: {"html": str, "version": str}
        """
        program = self._get_joinable_program(program_id)
        return {"html": program.terms or "", "version": program.terms_version or ""}

    @till_call(program_id=shapes.is_id, partner_id=shapes.is_id, consent=CONSENT)
    def loyalty_join(self, program_id, partner_id, consent):
        """Enrol a customer at this till.

        :param int program_id: a strict programme of this till
        :param int partner_id: the customer
        :param dict consent: {"consent": bool, "terms_version": str the customer saw}
        :return: the card, and those that come with it, as the till loads them
        :raise UserError: no consent, terms that changed meanwhile, closed programme, no
            such customer
        :raise AccessError: no till user, or no open register
        """
        program = self._get_joinable_program(program_id)
        if consent.get("terms_version", "") != (program.terms_version or ""):
            raise UserError(
                self.env._("The terms have changed meanwhile. Please read them again.")
            )
        partner = self._get_customer(partner_id)
        # sudo: till users may not make cards. Register, programme and customer were
        # checked above; the enrolment itself checks consent and the customer.
        card = program.sudo()._enrol(
            partner.sudo(), "pos", consent.get("consent") is True
        )
        # sudo: what comes with a membership is no secret; the cards are the customer's.
        guests = program.sudo().guest_program_ids & self._get_program_ids().sudo()
        for guest in guests:
            card |= guest._get_member_card(partner)
        cards = self.env["loyalty.card"].browse(card.ids)
        return {"loyalty.card": cards._load_pos_data_read(cards, self)}

    def _get_customer(self, partner_id):
        """Return the customer whom a till names.

        :raise UserError: there is none, or none that the user may see
        """
        partner = self.env["res.partner"].browse(partner_id).exists()
        if not partner:
            raise UserError(self.env._("There is no such customer any more."))
        partner.check_access("read")
        return partner

    def _check_one_till(self):
        """Refuse calls for no till or several, and for one that is not the user's."""
        if len(self) != 1:
            raise UserError(explain_misshapen(self.env))
        self.check_access("read")

    def _get_joinable_program(self, program_id):
        """Return the programme, once the user's right to enrol here is certain."""
        self._check_one_till()
        if not self.env.user.has_group("point_of_sale.group_pos_user"):
            raise AccessError(self.env._("Only till users may enrol customers here."))
        if self.current_session_id.state != "opened":
            raise AccessError(
                self.env._("Customers can join only while the register is open.")
            )
        program = self._get_program_ids().filtered(
            lambda candidate: candidate.id == program_id and candidate._is_strict()
        )
        if not program:
            raise UserError(
                self.env._(
                    "This programme is not available at %(till)s.", till=self.name
                )
            )
        return program
