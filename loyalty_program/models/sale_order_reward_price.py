from collections import defaultdict
from contextlib import contextmanager
from fractions import Fraction

from odoo import models
from odoo.exceptions import UserError

from ..engine.rounding import to_decimal
from .loyalty_tier_reward_price import cut_cost

#: {card id: share of the usual points} while stock computes rewards, on the cursor.
_SHARES = "loyalty_program.reward_shares"

#: Decimals that a balance keeps when it is divided by a share: more than any scale.
DIGITS = 9


class SaleOrder(models.Model):
    """Rewards for some customers only, and for fewer points.

    Stock compares the points of a card with the usual price. Where a reward is cheaper,
    the points are shown to it as so many times more as the reward is cheaper, and what
    it computes as the cost is cut by the same part.
    """

    _inherit = "sale.order"

    def _get_real_points_for_coupon(self, coupon, post_confirm=False):
        points = super()._get_real_points_for_coupon(coupon, post_confirm)
        share = (self.env.cr.cache.get(_SHARES) or {}).get(coupon.id)
        if not share or share == 1 or points <= 0:
            return points
        return round(points * share.denominator / share.numerator, DIGITS)

    @contextmanager
    def _showing_points(self, shares):
        """Show stock the points of cards divided by their shares."""
        cache = self.env.cr.cache
        before = cache.get(_SHARES)
        cache[_SHARES] = shares
        try:
            yield
        finally:
            cache[_SHARES] = before

    def _get_smallest_shares(self, cards=None):
        """Return {card id: the smallest share of its rewards} where any is cheaper."""
        kinds = self.env["loyalty.tier.benefit"]._get_given_kinds()
        if "cheaper_rewards" not in kinds:
            return {}
        # sudo: what a reward costs decides, whoever sells.
        order, cards = self.sudo(), cards and cards.sudo()
        cards = cards or (
            order.coupon_point_ids.coupon_id
            | order.order_line.coupon_id
            | order.applied_coupon_ids
            | order.partner_id.loyalty_member_card_ids
        )
        shares = {card.id: card._get_price_shares() for card in cards}
        return {card_id: min(own.values()) for card_id, own in shares.items() if own}

    # === What is offered ===

    def _get_claimable_rewards(self, forced_coupons=None):
        shares = self._get_smallest_shares(forced_coupons)
        with self._showing_points(shares):
            offered = super()._get_claimable_rewards(forced_coupons)
        return self._keep_claimable(offered, shares)

    def _keep_claimable(self, offered, shares):
        """Return what is for the customer, and affordable at its own price.

        :param offered: {card: rewards}, affordable at the smallest share
        """
        closed = set(self.env["loyalty.reward"]._get_closed_ids(self.partner_id))
        if not closed and not shares:
            return offered
        kept = defaultdict(lambda: self.env["loyalty.reward"])
        for card, rewards in offered.items():
            rewards = rewards.filtered(lambda reward: reward.id not in closed)
            if card.id in shares:
                rewards = rewards.filtered(
                    lambda reward, card=card: self._can_afford(reward, card)
                )
            if rewards:
                kept[card] = rewards
        return kept

    def _can_afford(self, reward, card):
        with self._showing_points({}):
            points = to_decimal(self._get_real_points_for_coupon(card))
        # sudo: what a reward costs decides, whoever sells.
        return points >= reward.sudo()._get_price(card.sudo())

    # === What is claimed ===

    def _apply_program_reward(self, reward, coupon, **kwargs):
        """Override: the gate. Who is not in the audience is told so."""
        if reward.id in reward._get_closed_ids(self.partner_id):
            return {"error": reward._explain_audience()}
        with self._showing_points({coupon.id: self._get_share(reward, coupon)}):
            return super()._apply_program_reward(reward, coupon, **kwargs)

    def _update_programs_and_rewards(self):
        with self._showing_points(self._get_smallest_shares()):
            return super()._update_programs_and_rewards()

    def _get_share(self, reward, card):
        # sudo: what a reward costs decides, whoever sells.
        return reward.sudo()._get_price_share(card.sudo()) if card else Fraction(1)

    def _get_reward_line_values(self, reward, coupon, **kwargs):
        """Override: the price of this card's tier, for who the reward is.

        :raise UserError: the customer, or the points, changed meanwhile
        """
        if not self._is_agreed():
            self._check_still_claimable(reward, coupon)
        share = self._get_share(reward, coupon)
        with self._showing_points({coupon.id: share}):
            values = super()._get_reward_line_values(reward, coupon, **kwargs)
        if share < 1:
            with self._showing_points({}):
                points = self._get_real_points_for_coupon(coupon)
            for line in values or ():
                line["points_cost"] = self._cut_cost(reward, line, share, points)
        return values

    def _check_still_claimable(self, reward, coupon):
        if reward.id in reward._get_closed_ids(self.partner_id):
            raise UserError(reward._explain_audience())
        if self.env.cr.cache.get(_SHARES) and not self._can_afford(reward, coupon):
            raise UserError(self.env._("There are not enough points for this reward."))

    def _cut_cost(self, reward, line, share, points):
        cost = line.get("points_cost") or 0
        if reward.clear_wallet:
            return points if cost else 0
        scale = reward.program_id.points_scale
        return float(cut_cost(to_decimal(cost), share, scale))
