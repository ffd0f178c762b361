"""Experiences on the customer's own page: choose a date, call a request off."""

from odoo.exceptions import UserError
from odoo.http import request, route

from .portal import OVERVIEW_URL
from .portal_claim import LoyaltyClaimPortal


class LoyaltyExperiencePortal(LoyaltyClaimPortal):
    def _get_claim_wish(self, form):
        wish = super()._get_claim_wish(form)
        if form.get("date"):
            wish["date"] = form["date"]
        return wish

    @route(
        "/my/loyalty/claim/cancel",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def portal_loyalty_claim_cancel(self, program_id=None, claim_id=None, **_form):
        """Call off a request of the signed-in customer; the points come back."""
        program, card = self._find_loyalty_program(program_id)
        if not card:
            return request.redirect(OVERVIEW_URL)
        claim = card._find_portal_request(claim_id)
        if not claim:
            return self._redirect_with_message(
                program, request.env._("There is no such request of yours."), "danger"
            )
        try:
            with request.env.cr.savepoint():
                claim._cancel()
        except UserError as error:
            return self._redirect_with_message(program, str(error), "danger")
        return self._redirect_with_message(
            program,
            request.env._("It is cancelled. Your points are back."),
            "success",
        )
