from odoo import models

from ..engine.rounding import to_decimal


class SaleOrder(models.Model):
    """Stamp cards in sales orders and in the webshop."""

    _inherit = "sale.order"

    def _program_check_compute_points(self, programs):
        """Show no stamps that a full card will not take."""
        result = super()._program_check_compute_points(programs)
        for program in programs.filtered(lambda p: p._drops_surplus()):
            if not result[program].get("points"):
                continue
            # sudo: what lies on the member's card decides, whoever sells.
            card = self._get_loyalty_member_card(program).sudo()
            account = card._get_account()
            room = program._get_stamp_room(
                to_decimal(account.points) + to_decimal(account.points_pending),
                self._get_loyalty_cost(card),
            )
            points = [min(value, float(room)) for value in result[program]["points"]]
            result[program] = {**result[program], "points": points}
        return result

    def _get_reward_values_product(self, reward, coupon, product=None, **kwargs):
        """Give one reward for one claim, and leave the other stamps on the card.

        Odoo takes all the points that fit: who has 18 stamps and wants one coffee now
        would get two.
        """
        values = super()._get_reward_values_product(
            reward, coupon, product=product, **kwargs
        )
        if not reward.program_id.stamps_needed or reward.clear_wallet:
            return values
        return [
            {
                **line,
                "product_uom_qty": reward.reward_product_qty,
                "points_cost": reward.required_points,
            }
            if line["points_cost"] > reward.required_points
            else line
            for line in values
        ]
