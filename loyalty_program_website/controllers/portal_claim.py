"""Rewards of the catalogue on the customer's own page: claim one, see what there is."""

from uuid import uuid4

from odoo.exceptions import UserError
from odoo.http import request, route

from .parameters import parse_text
from .portal import OVERVIEW_URL, LoyaltyPortal
from .portal_coupon import TOKEN_LENGTH

CLAIMS_ON_OVERVIEW = 20


class LoyaltyClaimPortal(LoyaltyPortal):
    @route(
        "/my/loyalty/claim",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def portal_loyalty_claim(self, program_id=None, reward_id=None, token=None, **form):
        """Claim a reward with the signed-in customer's own points."""
        program, card = self._find_loyalty_program(program_id)
        if not card:
            return request.redirect(OVERVIEW_URL)
        reward = card._get_claim_rewards().filtered(
            lambda reward: str(reward.id) == str(reward_id)
        )
        try:
            with request.env.cr.savepoint():
                claim = card._claim_reward(
                    reward,
                    "website",
                    token=parse_text(token)[:TOKEN_LENGTH] or None,
                    **self._get_claim_wish(form),
                )
                # sudo: customers cannot read claims; this one they just made.
                given = claim.sudo()._describe_given() or reward.description
        except UserError as error:
            return self._redirect_with_message(program, str(error), "danger")
        return self._redirect_with_message(
            program,
            request.env._("Your reward: %(given)s. It is listed below.", given=given),
            "success",
        )

    def _get_claim_wish(self, form):
        """Return what of the form the claim is told. Override to: add a kind's own."""
        return {"points": form["points"]} if form.get("points") else {}

    def _get_membership_rewards(self, program, card):
        """Override: where the member chooses, the fewest points are the price."""
        rewards = super()._get_membership_rewards(program, card)
        return [
            (reward, float(reward._get_choice_terms().minimum))
            if reward.is_claimed_ahead and reward.has_choice
            else (reward, price)
            for reward, price in rewards
        ]

    def _prepare_membership_values(self, program, card):
        values = super()._prepare_membership_values(program, card)
        if card:
            values.update(
                claims=card._get_portal_claims(CLAIMS_ON_OVERVIEW),
                donated=card._get_donated(),
                wallets=card._get_portal_wallets(),
                # One form, one claim: however often it is sent.
                claim_token=uuid4().hex,
            )
        return values
