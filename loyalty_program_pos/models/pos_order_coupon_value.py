import logging
from decimal import ROUND_CEILING, Decimal

from odoo import models

from odoo.addons.loyalty_program.engine.rounding import to_decimal
from odoo.addons.loyalty_program.engine.shares import to_text
from odoo.addons.loyalty_program.engine.values import ZERO

_logger = logging.getLogger(__name__)

CENT = Decimal("0.01")


class PosOrder(models.Model):
    """Coupons get no more than the sale's lines earn, and lose what they paid with.

    Odoo believes the till. What the goods earn before any discount is the most that a
    till may rightly say: coupons get what it says within that, and somebody is told of
    more.
    """

    _inherit = "pos.order"

    def confirm_coupon_programs(self, coupon_data):
        self._check_at_till()
        for program, wishes in self._group_wishes(coupon_data, _makes_coupons).items():
            # sudo: what was sold is a fact of the order, whoever sells.
            for key in self.sudo()._limit_coupon_wishes(program, wishes):
                del coupon_data[key]
        return super().confirm_coupon_programs(coupon_data)

    def _limit_coupon_wishes(self, program, wishes):
        """Cut what the till says to what the lines say.

        :param dict wishes: {card id, below zero for a new card: what the till says};
            their points are changed
        :return: the keys of new cards that get nothing: they are not made
        :raise UserError: points that are no number
        """
        said = {key: self._read_wish(own) for key, own in wishes.items()}
        costs = self._get_coupon_costs(program, wishes)
        room = self._get_coupon_room(program)
        # A till rounds what each piece earns.
        slack = CENT * (1 + to_decimal(sum(abs(line.qty) for line in self.lines)))
        booked = {}
        for key, points in said.items():
            # A coupon for next orders is a new one; one that is used gets no more.
            own_room = ZERO if key > 0 and program.applies_on == "future" else room
            gain = points + costs[key]
            if gain > own_room + slack:
                gain = own_room
            room -= max(gain, ZERO)
            booked[key] = gain - costs[key]
        changed = {key for key, points in booked.items() if points != said[key]}
        for key in changed:
            wishes[key]["points"] = float(booked[key])
        if changed:
            self._tell_coupon_value(program, said, booked)
        return {key for key in changed if key < 0 and booked[key] <= 0}

    def _tell_coupon_value(self, program, said, booked):
        facts = {
            "said": to_text(sum(said.values())),
            "program": program.name,
            "booked": to_text(sum(booked.values())),
        }
        _logger.info(
            "%s: the till put %s on coupons of programme %s, its lines say %s",
            self.name,
            facts["said"],
            program.id,
            facts["booked"],
        )
        self.message_post(
            body=self.env._(
                "The till put %(said)s points on coupons of “%(program)s”, but this "
                "sale stands for %(booked)s: that was booked. Please check.",
                **facts,
            )
        )

    def _get_coupon_room(self, program):
        """Return the most points that the goods of this sale earn, Decimal."""
        entered = self._get_entered_rule_ids(program)
        room = ZERO
        for rule in program.rule_ids:
            if rule.mode == "with_code" and rule.id not in entered:
                continue
            lines = self.lines.filtered(
                lambda line, rule=rule: (
                    line.qty > 0
                    and not line.is_reward_line
                    and not line._is_settled_here()
                    and (rule.any_product or line.product_id in rule.valid_product_ids)
                )
            )
            money = (lines | lines.combo_line_ids)._get_loyalty_money()
            units = sum(lines.mapped("qty"))
            missing = self.currency_id.compare_amounts(money, rule.minimum_amount) < 0
            if not lines or missing or units < rule.minimum_qty:
                continue
            measures = {"money": money, "unit": units, "order": 1}
            room += to_decimal(rule.reward_point_amount) * to_decimal(
                measures[rule.reward_point_mode]
            )
        return room

    def _get_coupon_costs(self, program, wishes):
        """Return {card id: points that rewards of this sale take of it}."""
        costs = dict.fromkeys(wishes, ZERO)
        for (reward, _code), lines in self._get_claims(program).items():
            card = lines.coupon_id[:1]
            if card.id in costs:
                costs[card.id] += _get_least_cost(reward, lines)
        return costs


def _get_least_cost(reward, lines):
    """Return how many points a claim takes at least, Decimal."""
    if reward.reward_type == "product":
        units = to_decimal(sum(lines.mapped("qty")))
        pieces = units / to_decimal(reward.reward_product_qty or 1)
        times = pieces.to_integral_value(rounding=ROUND_CEILING)
        return to_decimal(reward.required_points) * max(times, ZERO)
    if reward.discount_mode == "per_point" and reward.discount:
        money = lines._get_loyalty_amount(-lines._get_loyalty_money())
        return max(money, ZERO) / to_decimal(reward.discount)
    return to_decimal(reward.required_points)


def _makes_coupons(program):
    """Tell whether the programme's cards are coupons, neither members nor money."""
    return not (
        program.is_payment_program or program.is_nominative or program._is_strict()
    )
