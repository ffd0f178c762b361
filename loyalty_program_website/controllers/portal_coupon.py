"""Coupons of the customer's own page: turn points into one, and show what there is."""

from uuid import uuid4

from odoo.exceptions import UserError
from odoo.http import request, route

from .parameters import parse_text
from .portal import OVERVIEW_URL, LoyaltyPortal

COUPONS_ON_OVERVIEW = 20
#: Longest name of a click that is believed to be one of our own.
TOKEN_LENGTH = 64


class LoyaltyCouponPortal(LoyaltyPortal):
    @route(
        "/my/loyalty/coupon",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def portal_loyalty_coupon(
        self, program_id=None, reward_id=None, token=None, **_form
    ):
        """Turn the signed-in customer's own points into a coupon."""
        program, card = self._find_loyalty_program(program_id)
        if not card:
            return request.redirect(OVERVIEW_URL)
        reward = card._get_coupon_rewards().filtered(
            lambda reward: str(reward.id) == str(reward_id)
        )
        try:
            with request.env.cr.savepoint():
                coupon = card._issue_coupon(
                    reward, "website", token=parse_text(token)[:TOKEN_LENGTH] or None
                )
        except UserError as error:
            return self._redirect_with_message(program, str(error), "danger")
        return self._redirect_with_message(
            program,
            request.env._(
                "Your coupon: %(code)s. It is listed below, with its QR code.",
                code=coupon.code,
            ),
            "success",
        )

    def _prepare_membership_values(self, program, card):
        values = super()._prepare_membership_values(program, card)
        if card:
            values.update(
                coupons=card._get_portal_coupons(COUPONS_ON_OVERVIEW),
                # One form, one coupon: however often it is sent.
                coupon_token=uuid4().hex,
            )
        return values
