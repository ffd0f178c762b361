"""Sharing points: a customer accepts, declines and ends it on their own page."""

from odoo.exceptions import UserError
from odoo.http import request, route

from .portal import OVERVIEW_URL, LoyaltyPortal


class LoyaltySharingPortal(LoyaltyPortal):
    @route(
        "/my/loyalty/sharing",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def portal_loyalty_sharing(self, program_id=None, answer=None, **form):
        """Do what the signed-in customer says about sharing their own points."""
        program, card = self._find_loyalty_program(program_id)
        if not card:
            return request.redirect(OVERVIEW_URL)
        try:
            with request.env.cr.savepoint():
                text = self._answer_sharing(card, answer, form.get("invitation_id"))
        except UserError as error:
            return self._redirect_with_message(program, str(error), "danger")
        return self._redirect_with_message(program, text, "info")

    def _answer_sharing(self, card, answer, invitation_id):
        """Carry out the answer for the customer's own card.

        :param str invitation_id: out of the form; compared with the own invitations
        :return: what to tell the customer
        :raise UserError: it is not possible, or makes no sense
        """
        sharing = card._get_portal_sharing()
        invitation = sharing["invitations"].filtered(
            lambda member: str(member.id) == str(invitation_id)
        )
        if answer == "accept" and invitation:
            invitation._join("website")
            return request.env._("Your points are shared now.")
        if answer == "decline" and invitation:
            invitation._decline()
            return request.env._("You have declined the invitation.")
        if answer == "leave" and sharing["may_leave"]:
            # sudo: the customer ends the sharing of their own card.
            card.sudo().pool_member_ids._leave()
            return request.env._("Your points are your own again.")
        raise UserError(request.env._("This invitation is not open any more."))

    def _prepare_membership_values(self, program, card):
        values = super()._prepare_membership_values(program, card)
        if card:
            values["sharing"] = card._get_portal_sharing()
        return values
