import logging

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.loyalty_program.engine.card_value import settle_gains
from odoo.addons.loyalty_program.engine.rounding import is_number, to_decimal
from odoo.addons.loyalty_program.engine.values import ZERO

_logger = logging.getLogger(__name__)


class PosOrder(models.Model):
    """Gift cards and eWallets get what was sold and lose what they paid.

    Odoo believes the till. Here the sale's own lines say it: where the programme is
    computed by the server, that is booked; otherwise somebody is told of a difference.
    """

    _inherit = "pos.order"

    def confirm_coupon_programs(self, coupon_data):
        self._check_at_till()
        for program, wishes in self._group_wishes(coupon_data, _holds_money).items():
            # sudo: what was sold is a fact of the order, whoever sells.
            self.sudo()._settle_card_wishes(program, wishes)
        return super().confirm_coupon_programs(coupon_data)

    def _group_wishes(self, coupon_data, is_concerned):
        """Return {programme: {card id: what the till says}} of some programmes.

        The keys are numbers and the values may be changed: see ``pos_order_wish.py``.
        What this order has booked already is left out: a retry changes nothing.

        :param is_concerned: function of a programme
        """
        grouped = {}
        for key, values in coupon_data.items():
            program = self._get_loyalty_program(values.get("program_id"))
            if program and is_concerned(program):
                grouped.setdefault(program, {})[key] = values
        # sudo: the history decides what is a retry; nothing else is looked at.
        history = self.env["loyalty.history"].sudo()
        domain = [("order_model", "=", self._name), ("order_id", "in", self.ids)]
        booked = grouped and history.search(domain).card_id.program_id
        return {own: each for own, each in grouped.items() if own not in booked}

    def _settle_card_wishes(self, program, wishes):
        """Compare what the till says with what the lines say; book or tell that.

        :param dict wishes: {card id, below zero for a new card: what the till says};
            their points are changed where the server computes
        :raise UserError: points that are no number
        """
        costs = self._get_card_costs(program, wishes)
        gains = {key: self._read_wish(own) + costs[key] for key, own in wishes.items()}
        sold = self._get_sold_card_points(program)
        active = self._get_activated(program, wishes)
        settled = settle_gains(gains, sold, active, program.currency_id.decimal_places)
        slack = to_decimal(self.currency_id.rounding) * max(len(self.lines), 1)
        if all(abs(settled[key] - gain) <= slack for key, gain in gains.items()):
            return
        wished = sum(gains.values()) - sum(costs.values())
        booked = sum(settled.values()) - sum(costs.values())
        _logger.info(
            "%s: the till put %s on cards of programme %s, its lines say %s",
            self.name,
            wished,
            program.id,
            booked,
        )
        self._tell_card_value(program, wished, booked)
        if program.computes_card_value:
            for key, values in wishes.items():
                if key not in active:
                    values["points"] = float(settled[key] - costs[key])

    def _read_wish(self, values):
        points = values.get("points") or 0
        if not is_number(points):
            raise UserError(self._explain_no_number(points))
        return to_decimal(points)

    def _tell_card_value(self, program, wished, booked):
        texts = {
            "wished": self.currency_id.format(float(wished)),
            "program": program.name,
            "paid": self.currency_id.format(float(booked)),
        }
        if program.computes_card_value:
            body = self.env._(
                "The till put %(wished)s on cards of “%(program)s”, but this sale pays "
                "for %(paid)s: that was booked. Please check.",
                **texts,
            )
        else:
            body = self.env._(
                "The till put %(wished)s on cards of “%(program)s”, but this sale pays "
                "for %(paid)s. Please check.",
                **texts,
            )
        self.message_post(body=body)

    def _get_activated(self, program, wishes):
        """Return the keys of printed cards that are sold with what they hold already.

        Nothing is added to them: Odoo takes the points that they have for the wish.
        """
        if program.program_type != "gift_card":
            return set()
        cards = self.env["loyalty.card"]
        activated = set()
        for key, values in wishes.items():
            code = cards._read_code(values.get("code") or "")
            card = code and cards.search([("code", "=", code)], limit=1)
            card = card or cards.browse(max(key, 0)).exists()
            if card and card.points == values.get("points"):
                activated.add(key)
        return activated

    # === What the lines say ===

    def _get_sold_card_points(self, program):
        """Return how many points the lines of this sale buy, by the rules, Decimal."""
        total = ZERO
        for rule in program.rule_ids:
            lines = self.lines.filtered(
                lambda line, rule=rule: (
                    not line.is_reward_line
                    and not line._is_settled_here()
                    and (rule.any_product or line.product_id in rule.valid_product_ids)
                    # A card that comes back is no discount on another one.
                    and (line.qty > 0 or not rule.reward_point_split)
                )
            )
            measures = {
                "money": lines._get_loyalty_money(),
                "unit": sum(lines.mapped("qty")),
                "order": int(bool(lines)),
            }
            measure = to_decimal(measures[rule.reward_point_mode])
            total += to_decimal(rule.reward_point_amount) * measure
        return total

    def _get_card_costs(self, program, wishes):
        """Return {card id: points it pays for this sale with}, below zero for a refund.

        Each line counts for one card: that which it names, or whose wish names it.
        """
        costs = dict.fromkeys(wishes, ZERO)
        for line in self.lines:
            reward = line.reward_id
            if reward.program_id != program or not reward.discount:
                continue
            key = line.coupon_id.id
            if key not in costs:
                code = line.reward_identifier_code
                named = (
                    k for k, v in wishes.items() if code in (v.get("line_codes") or ())
                )
                key = next(named, None)
            if key is not None:
                paid = line._get_loyalty_amount(-line._get_loyalty_money())
                costs[key] += paid / to_decimal(reward.discount)
        return costs


def _holds_money(program):
    return program.is_payment_program and not program._is_strict()
