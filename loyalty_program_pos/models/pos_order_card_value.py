from odoo import models


class PosOrder(models.Model):
    """Gift cards and eWallets get what was sold, as far as the server can tell.

    Odoo believes the till. The sale is paid and the card may be in the customer's
    hand: more than was sold is not taken back, but somebody is told.
    """

    _inherit = "pos.order"

    def confirm_coupon_programs(self, coupon_data):
        added = self._sum_card_points(coupon_data)
        result = super().confirm_coupon_programs(coupon_data)
        for program, points in added.items():
            self._check_card_value(program, points)
        return result

    def _sum_card_points(self, coupon_data):
        """Return {programme: points put on its cards, less those taken off}."""
        self._check_at_till()
        added = {}
        for values in coupon_data.values():
            program = self._get_loyalty_program(values.get("program_id"))
            if program.is_payment_program and not program._is_strict():
                points = values.get("points") or 0
                added[program] = added.get(program, 0) + points
        return added

    def _check_card_value(self, program, points):
        """Tell on the order if its cards got more than its lines pay for."""
        # sudo: what was sold is a fact of the order, whoever sells.
        order = self.sudo()
        paid = order._get_sold_card_points(program) - order._get_paid_points(program)
        slack = order.currency_id.rounding * max(len(order.lines), 1)
        if points <= paid + slack:
            return
        order.message_post(
            body=self.env._(
                "The till put %(points)s on cards of “%(program)s”, but this sale pays "
                "for %(paid)s. Please check.",
                points=order.currency_id.format(points),
                program=program.name,
                paid=order.currency_id.format(paid),
            )
        )

    def _get_sold_card_points(self, program):
        """Return how many points the lines of this sale buy, by the rules."""
        total = 0
        for rule in program.rule_ids:
            lines = self.lines.filtered(
                lambda line, rule=rule: (
                    not line.is_reward_line
                    and (rule.any_product or line.product_id in rule.valid_product_ids)
                )
            )
            measures = {
                "money": sum(lines.mapped("price_subtotal_incl")),
                "unit": sum(lines.mapped("qty")),
                "order": bool(lines),
            }
            total += rule.reward_point_amount * measures[rule.reward_point_mode]
        return total

    def _get_paid_points(self, program):
        """Return how many points pay for this sale, below zero where it pays back."""
        return sum(
            -line.price_subtotal_incl / line.reward_id.discount
            for line in self.lines
            if line.reward_id.program_id == program and line.reward_id.discount
        )
