"""The birthday: a customer tells it with consent, changes it, and takes it back."""

from datetime import date

from odoo.exceptions import UserError
from odoo.http import request, route

from .parameters import parse_text
from .portal import OVERVIEW_URL, LoyaltyPortal


class LoyaltyBirthdayPortal(LoyaltyPortal):
    @route(
        "/my/loyalty/birthday",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def portal_loyalty_birthday(self, program_id=None, **form):
        """Keep, or forget, the birthday of the signed-in customer."""
        program, card = self._find_loyalty_program(program_id)
        if not card:
            return request.redirect(OVERVIEW_URL)
        try:
            with request.env.cr.savepoint():
                text = self._keep_birthday(form)
        except UserError as error:
            return self._redirect_with_message(program, str(error), "danger")
        return self._redirect_with_message(program, text, "info")

    def _keep_birthday(self, form):
        """Carry out what the form says.

        :return: what to tell the customer
        :raise UserError: no consent, or no date that can be
        """
        # sudo: customers tell and take back their own date, and no other field.
        partner_sudo = request.env.user.partner_id.sudo()
        if form.get("forget"):
            partner_sudo._forget_birthday()
            return request.env._("We have forgotten your birthday.")
        if form.get("consent") != "yes":
            raise UserError(
                request.env._("Please tick the box so that we may keep your birthday.")
            )
        try:
            born = date.fromisoformat(parse_text(form.get("born")))
        except ValueError:
            raise UserError(
                request.env._("Please tell us the day, the month and the year.")
            ) from None
        partner_sudo.write({"loyalty_birth_date": born, "loyalty_birth_consent": True})
        return request.env._("Thank you, we will think of you.")

    def _prepare_membership_values(self, program, card):
        values = super()._prepare_membership_values(program, card)
        # sudo: the customer's own date.
        partner_sudo = request.env.user.partner_id.sudo()
        values["birthday"] = card and {
            "is_asked": program._has_birthday_gift(),
            "born": partner_sudo.loyalty_birth_date,
        }
        return values
