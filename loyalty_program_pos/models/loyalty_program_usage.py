from odoo import models
from odoo.tools import SQL

from odoo.addons.loyalty_program.models.loyalty_program_usage import UP_TO_LIMIT


class LoyaltyProgram(models.Model):
    """Uses at the till, counted no further than a limit where only that is asked."""

    _inherit = "loyalty.program"

    def _get_usage_fields(self):
        return [*super()._get_usage_fields(), "pos_order_count"]

    def _compute_pos_order_count(self):
        if not self.env.cr.cache.get(UP_TO_LIMIT):
            super()._compute_pos_order_count()
            return
        self.env["pos.order.line"].flush_model(["order_id", "reward_id"])
        # SQL: as Odoo counts, in the order of the index, which ends at the limit.
        query = """SELECT program.id, sum(used.orders)
            FROM loyalty_program program
            JOIN loyalty_reward reward ON reward.program_id = program.id
            CROSS JOIN LATERAL (
                SELECT count(*) AS orders FROM (
                    SELECT DISTINCT order_id FROM pos_order_line
                    WHERE reward_id = reward.id ORDER BY order_id
                    LIMIT greatest(program.max_usage, 0) + 1
                ) AS one
            ) AS used
            WHERE program.id = ANY(%s) AND program.limit_usage GROUP BY program.id"""
        counts = dict(self.env.execute_query(SQL(query, self._origin.ids)))
        for program in self:
            program.pos_order_count = int(counts.get(program._origin.id, 0))

    def _get_confirmed_usage(self, order):
        with self._counting_up_to_limits():
            return super()._get_confirmed_usage(order) + self.pos_order_count
