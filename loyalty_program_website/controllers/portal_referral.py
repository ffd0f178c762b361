"""The member's friends: link, code and QR; and a code told on joining."""

from odoo.exceptions import UserError
from odoo.http import request, route

from .parameters import parse_text
from .portal import OVERVIEW_URL, LoyaltyPortal


class LoyaltyReferralPortal(LoyaltyPortal):
    @route(
        "/my/loyalty/<int:program_id>/friends",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
    )
    def portal_my_loyalty_friends(self, program_id, **_query):
        """Show the member's own link, code and QR, and what became of friends."""
        program, card = self._find_loyalty_program(program_id)
        if not card:
            return request.redirect(OVERVIEW_URL)
        friends = card._get_portal_referrals()
        if not (card.takes_referrals or friends):
            return request.redirect(OVERVIEW_URL)
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="loyalty_friends",
            program=program,
            card=card,
            words=program._list_referral_words(),
            tracker=card.takes_referrals and card._get_referral_tracker(),
            friends=friends,
        )
        return request.render("loyalty_program_website.portal_loyalty_friends", values)

    @route(
        "/my/loyalty/friend_code",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def portal_loyalty_friend_code(self, program_id=None, friend_code="", **_form):
        """Note by whom the signed-in member was brought, who joined not long ago."""
        program, card = self._find_loyalty_program(program_id)
        if not card or not self._may_tell_friend(program, card):
            return request.redirect(OVERVIEW_URL)
        if refusal := self._claim_friend(program, parse_text(friend_code)):
            return self._redirect_with_message(program, refusal, "danger")
        return self._redirect_with_message(
            program, request.env._("Thank you, we have noted your friend."), "success"
        )

    def _join_loyalty_program(self, program, form):
        """Note who brought the customer, then enrol: the reward comes on joining.

        What the form leaves empty, the session may know.
        """
        code = parse_text(form.get("friend_code")).strip()
        if not code:
            card_sudo = request.website._get_referral_card()
            code = card_sudo.program_id == program and card_sudo.referral_code
        own = form.get("consent") == "yes" and program._takes_referrals() and code
        if own and (refusal := self._claim_friend(program, code)):
            return refusal
        return super()._join_loyalty_program(program, form)

    def _claim_friend(self, program, code):
        """Note by whom the signed-in customer was brought.

        :return: why not, or None
        :rtype: str | None
        """
        card_sudo, refusal = request.website._read_referral_code(code)
        if refusal:
            return refusal
        if card_sudo.program_id != program:
            return request.env._("This code is of another programme.")
        try:
            with request.env.cr.savepoint():
                # sudo: the customer's own contact; referrals are closed to customers.
                partner_sudo = request.env.user.partner_id.sudo()
                partner_sudo.env["loyalty.referral"]._claim(
                    card_sudo,
                    partner_sudo,
                    "website",
                    network=request.website._get_referral_network(),
                )
        except UserError as error:
            return str(error)
        return None

    def _may_tell_friend(self, program, card):
        """Tell whether a member may still say who brought them."""
        # sudo: the customer's own record.
        referrals = request.env["loyalty.referral"].sudo()
        known = referrals.search_count(
            [("program_id", "=", program.id), ("friend_id", "=", card.partner_id.id)],
            limit=1,
        )
        return not known and program._takes_referrals() and card._is_fresh_member()

    def _prepare_membership_values(self, program, card):
        values = super()._prepare_membership_values(program, card)
        card_sudo = request.website._get_referral_card()
        values.update(
            referral_words=program._list_referral_words(),
            asks_friend_code=program._takes_referrals(),
            friend_code=card_sudo.program_id == program and card_sudo.referral_text,
            may_tell_friend=card and self._may_tell_friend(program, card),
        )
        return values
