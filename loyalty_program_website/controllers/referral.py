"""The link that a member sends to friends, and the code typed on signing up."""

from odoo.exceptions import UserError
from odoo.http import Controller, request, route

from .parameters import parse_text
from .portal import OVERVIEW_URL
from odoo.addons.auth_signup.controllers.main import AuthSignupHome


class LoyaltyReferral(Controller):
    @route(
        "/refer/<string:code>", type="http", auth="public", website=True, sitemap=False
    )
    def loyalty_referral(self, code, **_query):
        """Keep whose link the visitor came by, and tell what it gives."""
        website = request.website
        card_sudo, refusal = website._read_referral_code(code)
        is_own = card_sudo.partner_id == request.env.user.partner_id
        if card_sudo and not is_own:
            website._note_referral(card_sudo)
        response = request.render(
            "loyalty_program_website.referral_landing",
            {
                # A title of its own: the page shows no record that people search for.
                "title": self._get_referral_title(card_sudo),
                "card": card_sudo,
                "program": card_sudo.program_id,
                "is_own": bool(card_sudo) and is_own,
                "refusal": refusal,
                "gift": card_sudo.program_id._describe_friend_gift(),
                "join_url": self._get_join_url(),
            },
        )
        response.status_code = 404 if refusal else 200
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def _get_referral_title(self, card_sudo):
        """Return the title of the page, which previews of the link show.

        The first name is the member's to give away with the link.
        """
        if not card_sudo:
            return request.env._("This link does not work")
        return request.env._(
            "%(member)s invites you to %(program)s",
            member=card_sudo._get_first_name(),
            program=card_sudo.program_id.name,
        )

    def _get_join_url(self):
        """Return where the visitor joins: a new customer signs up on the way."""
        may_sign_up = request.website.auth_signup_uninvited == "b2c"
        if request.env.user._is_public() and may_sign_up:
            return f"/web/signup?redirect={OVERVIEW_URL}"
        return OVERVIEW_URL


class LoyaltySignup(AuthSignupHome):
    def get_auth_signup_qcontext(self):
        qcontext = super().get_auth_signup_qcontext()
        website = request.website if getattr(request, "is_frontend", False) else None
        if website:
            qcontext["asks_friend_code"] = website._takes_friend_codes()
            card_sudo = website._get_referral_card()
            qcontext.setdefault("friend_code", card_sudo.referral_text or "")
            if "friend_code" in request.params:
                qcontext["friend_code"] = parse_text(request.params["friend_code"])
        return qcontext

    def do_signup(self, qcontext, do_login=True):
        """Override of ``auth_signup``: a code that is none is told before signing up.

        :raise UserError: the code is none; nobody has signed up then
        """
        code = parse_text(qcontext.get("friend_code")).strip()
        if code and qcontext.get("asks_friend_code") and do_login:
            card_sudo, refusal = request.website._read_referral_code(code)
            if refusal:
                raise UserError(refusal)
            request.website._note_referral(card_sudo)
        return super().do_signup(qcontext, do_login)

    def _signup_with_values(self, token, values, do_login):
        """Override of ``auth_signup``: note who brought the new customer, as one."""
        result = super()._signup_with_values(token, values, do_login)
        website = request.website if getattr(request, "is_frontend", False) else None
        card_sudo = website and do_login and website._get_referral_card()
        if card_sudo and request.session.uid:
            # sudo: the new customer's own contact; referrals are closed to customers.
            user_sudo = request.env["res.users"].sudo().browse(request.session.uid)
            user_sudo.env["loyalty.referral"]._claim(
                card_sudo,
                user_sudo.partner_id,
                "website",
                network=website._get_referral_network(),
            )
        return result
