from contextlib import contextmanager

from odoo import models

from odoo.addons.sale_loyalty.models.sale_order import SaleOrder as StockOrder

#: Programmes that wait for their cards, on the cursor: [(programme, points), …].
_WAITING = "loyalty_program.waiting_programs"

#: What an order gives and takes, by card, while nothing changes it: on the cursor.
_SUMS = "loyalty_program.card_sums"


class SaleOrder(models.Model):
    """Many promotions on one order cost no more than their number.

    Odoo makes their cards one by one, and looks for each card through all of them.
    This is the first file of the suite that extends orders: it stands right above Odoo.
    """

    _inherit = "sale.order"

    # === Cards of new promotions, all at once ===

    def _update_programs_and_rewards(self):
        with self._collecting(waiting := []):
            result = super()._update_programs_and_rewards()
        if waiting:
            self._make_waiting_cards(waiting)
        return result

    def _try_apply_program(self, program, coupon=None):
        # Who applies one programme wants its card now.
        with self._collecting(None):
            return super()._try_apply_program(program, coupon)

    @contextmanager
    def _collecting(self, waiting):
        cache = self.env.cr.cache
        before = cache.get(_WAITING)
        cache[_WAITING] = waiting
        try:
            yield
        finally:
            cache[_WAITING] = before

    # pylint: disable-next=unused-private-member
    def __try_apply_program(self, program, coupon, status):
        """Override of Odoo's own, which is private to all classes of this name.

        The answer is nobody's while programmes are collected.
        """
        waiting = self.env.cr.cache.get(_WAITING)
        if waiting is None or coupon or program.is_nominative:
            return super().__try_apply_program(program, coupon, status)
        waiting.append((program, [points for points in status["points"] if points]))
        return {"coupon": self.env["loyalty.card"]}

    def _make_waiting_cards(self, waiting):
        """Make the cards of programmes as Odoo does, in one go.

        :param waiting: [(programme, points of each of its cards), …]
        """
        # sudo: as in Odoo, cards are the system's own record of the promotion.
        cards = self.env["loyalty.card"].sudo()
        cards = cards.with_context(loyalty_no_mail=True, tracking_disable=True)
        cards = cards.create(
            [
                {
                    "program_id": program.id,
                    "partner_id": (
                        program.program_type == "next_order_coupons"
                        and self.partner_id.id
                    ),
                    "points": 0,
                    "order_id": self.id,
                }
                for program, points in waiting
                for _points in points
            ]
        )
        given = [each for _program, points in waiting for each in points]
        if cards:
            self._add_points_for_coupon(dict(zip(cards, given, strict=True)))

    # === Points of many cards ===

    def _get_claimable_rewards(self, forced_coupons=None):
        with self._summing():
            return super()._get_claimable_rewards(forced_coupons)

    @contextmanager
    def _summing(self):
        """Add up once what the order gives and takes: nothing changes it meanwhile."""
        cache = self.env.cr.cache
        before = cache.get(_SUMS)
        given = self.coupon_point_ids.grouped("coupon_id")
        taken = self.order_line.grouped("coupon_id")
        cache[_SUMS] = (
            self,
            {card.id: rows.points for card, rows in given.items()},
            {
                card.id: sum(lines.mapped("points_cost"))
                for card, lines in taken.items()
            },
        )
        try:
            yield
        finally:
            cache[_SUMS] = before

    def _get_real_points_for_coupon(self, coupon, post_confirm=False):
        sums = self.env.cr.cache.get(_SUMS)
        count = super()._get_real_points_for_coupon
        own = StockOrder._get_real_points_for_coupon
        if not sums or sums[0] != self or count.__func__ is not own:
            return count(coupon, post_confirm)
        self.ensure_one()
        points = coupon.points
        if self.state not in ("sale", "done"):
            if coupon.program_id.applies_on != "future":
                points += sums[1].get(coupon.id, 0)
            points -= sums[2].get(coupon.id, 0)
        return coupon.currency_id.round(points)
