from odoo import models


class SaleOrder(models.Model):
    """Limits of rewards: told while claiming, held when the order is confirmed."""

    _inherit = "sale.order"

    def _apply_program_reward(self, reward, coupon, **kwargs):
        if refusal := self._get_reward_refusal(reward, coupon):
            return {"error": refusal}
        return super()._apply_program_reward(reward, coupon, **kwargs)

    def _get_reward_refusal(self, reward, coupon):
        """Return why the order may not take the reward, or None."""
        self.ensure_one()
        # sudo: limits hold whoever sells.
        reward = reward.sudo()
        refusal = reward._get_limit_refusal(
            coupon, self._count_times_held(reward, coupon)
        )
        return refusal or reward._explain_exclusion(self.order_line.reward_id)

    def _count_times_held(self, reward, coupon):
        """Return how often this quotation holds the reward, which nobody counted yet.

        A reward of which the member chooses the points is changed, not claimed again.
        """
        if self.state == "sale" or reward.has_choice:
            return 0
        lines = self._get_lines_of_claim(reward, coupon)
        cost = lines._get_points_cost()
        return reward._count_times(cost, coupon) if cost else 0

    def _get_claimable_rewards(self, forced_coupons=None):
        """Override: leave out what a limit would refuse."""
        found = super()._get_claimable_rewards(forced_coupons)
        for coupon in list(found):
            found[coupon] = found[coupon].filtered(
                lambda reward, coupon=coupon: (
                    not self._get_reward_refusal(reward, coupon)
                )
            )
            if not found[coupon]:
                del found[coupon]
        return found

    def _get_reward_values_product(self, reward, coupon, product=None, **kwargs):
        """Override: Odoo gives as many as the points buy; a limit gives fewer."""
        give = super()._get_reward_values_product
        room = self._get_reward_room(reward, coupon)
        if room is None or reward.clear_wallet:
            return give(reward, coupon, product=product, **kwargs)
        # sudo: what a reward costs decides, whoever sells.
        price = reward.sudo()._get_price(coupon.sudo())
        with self._points_ceiling(coupon, price * max(room, 1)):
            return give(reward, coupon, product=product, **kwargs)

    def _get_reward_room(self, reward, coupon):
        """Return how often the order may claim it, or None without a limit."""
        # sudo: see above.
        reward = reward.sudo()
        rooms = [reward._get_member_room(coupon)]
        if reward.limit_total:
            rooms.append(reward.limit_left)
        held = self._count_times_held(reward, coupon)
        return min((room - held for room in rooms if room is not None), default=None)
