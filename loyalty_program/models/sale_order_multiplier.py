from dataclasses import replace

from odoo import fields, models

from ..engine.bonus import BONUS, bonus_of, combine, multiply
from ..engine.earning import subtract
from .loyalty_ledger_undo import total
from .loyalty_tier_multiplier import as_bonus
from .sale_order_earning import _read_step
from .sale_order_more import sum_lines


class SaleOrderCouponPoints(models.Model):
    _inherit = "sale.order.coupon.points"

    earn_factors = fields.Json(
        help="What multiplies the points: the tier's of the moment of the sale, for "
        "all that the order earns later.",
        readonly=True,
    )


class SaleOrder(models.Model):
    """The multiplier of the member's tier: a bonus beside what the order earns."""

    _inherit = "sale.order"

    def _get_order_factors(self, card):
        """Return the factors of this order, see ``loyalty.card._get_earn_factors``."""
        if self.state != "sale":
            return card._get_earn_factors()
        # sudo: the points of the order are the system's own record.
        points = self.coupon_point_ids.sudo()
        return points.filtered(lambda p: p.coupon_id == card)[:1].earn_factors or []

    def _evaluate_loyalty_bonus(self, card, base, delivered=False):
        """Return what the multiplier adds to ``base``, or None: see the programme."""
        # sudo: rules are read to compute, not to show.
        program = card.program_id.sudo()
        factors = self._get_order_factors(card)
        if not factors:
            return None
        basket = self._get_loyalty_basket(program, delivered)
        return program._evaluate_bonus(basket, base, factors)

    def _evaluate_loyalty_whole(self, program, card):
        """Return what this order earns with everything: what a preview shows.

        :param card: the member's card; an empty one has no multiplier
        :rtype: Earned
        """
        base = self._evaluate_loyalty(program)
        bonus = self._evaluate_loyalty_bonus(card, base) if card else None
        return replace(base, points=base.points + bonus.points) if bonus else base

    # === Postings ===

    def _post_loyalty(self):
        """Keep the multiplier of the moment: what is posted here may lift the tier."""
        # sudo: the points of the order are the system's own record.
        for point in self.coupon_point_ids.sudo():
            factors = point.coupon_id._get_earn_factors()
            if factors != (point.earn_factors or []):
                point.earn_factors = factors
        return super()._post_loyalty()

    def _prepare_earn_postings(self, point, number):
        postings = super()._prepare_earn_postings(point, number)
        return postings + [
            bonus
            for posting in postings
            if (bonus := self._prepare_bonus_posting(point.coupon_id, posting))
        ]

    def _prepare_bonus_posting(self, card, posting):
        """Return the bonus that goes with what the order earns, or None."""
        if not self._get_order_factors(card):
            return None
        late = self._get_earn_moment(card.program_id) == "delivery"
        base = self._evaluate_loyalty(card.program_id, late)
        bonus = self._evaluate_loyalty_bonus(card, base, late)
        if not bonus:
            return None
        steps = self._get_loyalty_steps(card, "bonus").filtered(
            lambda entry: entry.key.endswith(BONUS)
        )
        return as_bonus(posting, subtract(bonus, [_read_step(e) for e in steps]))

    def _prepare_more_earned(self, entries, scope):
        postings = super()._prepare_more_earned(entries, scope)
        card = entries[-1].member_card_id._get_successor()
        factors = self._get_order_factors(card)
        if not factors:
            return postings
        bonuses = self._get_loyalty_steps(card, "bonus")
        used = total(entries, "points") + total(bonuses, "points")
        limit = scope.program._prepare_earn_terms().order_cap
        more = self._evaluate_more(entries, scope)
        before = sum_lines(entries | bonuses)
        whole = multiply(more, combine(factors), limit, used, before=before)
        return postings + [
            as_bonus(posting, bonus_of(whole, more, factors)) for posting in postings
        ]
