from contextlib import contextmanager
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from ..engine.choice import get_range, to_points
from ..engine.rounding import to_decimal
from ..engine.shares import to_text

_CEILING = "loyalty_program.points_ceiling"

#: The context key with which Odoo's own buttons pass on the wish: {reward id: points}.
#: Anybody may set it: it is a wish, and is checked as one.
WISH = "loyalty_points"


class SaleOrder(models.Model):
    """The member says how many points a reward of money per point takes."""

    _inherit = "sale.order"

    loyalty_choices = fields.Json(
        string="Chosen points",
        help="How many points the customer chose to spend, by card and reward.",
        copy=False,
    )

    # === Claiming ===

    def _apply_program_reward(self, reward, coupon, **kwargs):
        """Override: take as many points as were chosen; without a choice, all that fit.

        Claiming such a reward again changes the choice. A refusal leaves the order as
        it was.
        """
        if not reward.has_choice:
            return super()._apply_program_reward(reward, coupon, **kwargs)
        self.ensure_one()
        wish = (self.env.context.get(WISH) or {}).get(reward.id)
        claimed = self._get_lines_of_claim(reward, coupon)
        try:
            with self.env.cr.savepoint():
                if claimed:
                    with claimed._computing_rewards():
                        kwargs["old_lines"] = claimed._reset_loyalty()
                self._choose_points(reward, coupon, wish)
                status = super()._apply_program_reward(reward, coupon, **kwargs)
                if "error" in status:
                    raise UserError(status["error"])
        except UserError as error:
            return {"error": str(error)}
        return status

    def _choose_points(self, reward, coupon, wish):
        """Remember how many points the reward shall take.

        :param wish: points as a browser sent them; None: as many as fit
        :raise UserError: says what is wrong with the wish
        """
        choices = self._get_choice_range(reward, coupon)
        if choices.is_empty:
            raise UserError(reward._explain_no_choice(choices))
        fault = wish is not None and reward._explain_choice(choices, wish)
        if fault:
            raise UserError(fault)
        key = self._get_choice_key(reward, coupon)
        kept = {
            name: points
            for name, points in (self.loyalty_choices or {}).items()
            if name != key
        }
        if wish is not None:
            kept[key] = to_text(to_points(wish))
        self.loyalty_choices = kept or False

    def _get_choice_key(self, reward, coupon):
        return f"{coupon.id}:{reward.id}"

    def _get_lines_of_claim(self, reward, coupon):
        return self.order_line.filtered(
            lambda line: line.reward_id == reward and line.coupon_id == coupon
        )

    # === What may be chosen ===

    def _get_choice_range(self, reward, coupon):
        """Return what may be chosen for a reward that the order does not hold yet.

        :rtype: ChoiceRange
        """
        self.ensure_one()
        balance = self._get_real_points_for_coupon(coupon)
        return get_range(
            reward._get_choice_terms(),
            to_decimal(balance),
            self._get_reward_worth(reward),
        )

    def _get_reward_worth(self, reward):
        """Return the money that the reward may take off, in its own currency."""
        measure = {
            "order": self._discountable_order,
            "specific": self._discountable_specific,
            "cheapest": self._discountable_cheapest,
        }[reward.discount_applicability]
        worth = min(measure(reward)[0] or 0, self.amount_total)
        worth = self._to_program_currency(worth, reward.program_id)
        ceiling = to_decimal(reward.discount_max_amount)
        return min(worth, ceiling) if ceiling else worth

    def _get_points_choice(self, reward, coupon):
        """Return what a form needs to ask for the points, or None: nothing to ask.

        :return: dict with ``lowest``, ``highest`` and ``step`` as texts with a dot,
            ``value`` (money of one point), ``worth`` (the most money), ``money`` (of
            the highest choice) and ``currency``
        """
        if not reward.has_choice:
            return None
        choices = self._get_choice_range(reward, coupon)
        if choices.is_empty:
            return None
        worth = float(self._get_reward_worth(reward))
        return {
            "lowest": to_text(choices.lowest),
            "highest": to_text(choices.highest),
            "step": to_text(choices.step),
            "value": reward.discount,
            "worth": worth,
            "money": min(float(choices.highest) * reward.discount, worth),
            "currency": reward.currency_id,
        }

    def _get_claimable_rewards(self, forced_coupons=None):
        """Override: leave out rewards of which not even the fewest points fit."""
        found = super()._get_claimable_rewards(forced_coupons)
        for coupon in list(found):
            found[coupon] = found[coupon].filtered(
                lambda reward, coupon=coupon: (
                    not (
                        reward.has_choice
                        and self._get_choice_range(reward, coupon).is_empty
                    )
                )
            )
            if not found[coupon]:
                del found[coupon]
        return found

    # === Stock's computation, with a ceiling ===

    def _get_reward_values_discount(self, reward, coupon, **kwargs):
        """Override: the chosen points, lowered to what fits by now."""
        if not reward.has_choice:
            return super()._get_reward_values_discount(reward, coupon, **kwargs)
        choices = self._get_choice_range(reward, coupon)
        key = self._get_choice_key(reward, coupon)
        chosen = (self.loyalty_choices or {}).get(key)
        wish = choices.highest if chosen is None else Decimal(chosen)
        points = choices.fit(wish)
        if not points:
            raise UserError(reward._explain_no_choice(choices))
        with self._points_ceiling(coupon, points):
            values = super()._get_reward_values_discount(reward, coupon, **kwargs)
        for line in values:
            if line["points_cost"]:
                line["points_cost"] = float(points)
        return values

    def _get_real_points_for_coupon(self, coupon, post_confirm=False):
        points = super()._get_real_points_for_coupon(coupon, post_confirm)
        ceiling = self.env.cr.cache.get(_CEILING)
        if ceiling and ceiling[0] == coupon.id:
            # Odoo counts whole units of the points that the reward needs: a float
            # that lies a hair below such a number must not lose one of them.
            return min(points, float(ceiling[1])) + 1e-9
        return points

    @contextmanager
    def _points_ceiling(self, coupon, points):
        """Let stock see no more than so many points, on the server only."""
        cache = self.env.cr.cache
        cache[_CEILING] = (coupon.id, points)
        try:
            yield
        finally:
            del cache[_CEILING]
