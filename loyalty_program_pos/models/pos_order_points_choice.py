from odoo import api, fields, models

from odoo.addons.loyalty_program.engine.shares import to_text


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    loyalty_points_chosen = fields.Float(
        string="Points chosen",
        help="How many points the member chose to spend, as the till says it.",
        digits=0,
    )

    @api.model
    def _load_pos_data_fields(self, config):
        return super()._load_pos_data_fields(config) + ["loyalty_points_chosen"]


class PosOrder(models.Model):
    """Points are taken for the money that was given; a strange choice is reported."""

    _inherit = "pos.order"

    def _report_claim(self, lines, card, cost, excess):
        result = super()._report_claim(lines, card, cost, excess)
        reward = lines.reward_id
        if reward.has_choice and not reward._is_within_choice(cost):
            self.message_post(
                body=self.env._(
                    "“%(reward)s” took %(points)s points, which is not a number that "
                    "a member may choose. Please check.",
                    reward=reward.description,
                    points=to_text(cost),
                )
            )
        return result
