from contextlib import contextmanager

from odoo import models
from odoo.tools import SQL

#: While set, on the cursor, uses are counted up to the limit and no further.
UP_TO_LIMIT = "loyalty_program.usage_up_to_limit"


class LoyaltyProgram(models.Model):
    """How often a promotion was used: counted as Odoo does, by the database.

    Whoever asks whether a limit is reached counts no further than the limit: what a
    cart costs does not grow with the orders of the past. Odoo reads all of them.
    """

    _inherit = "loyalty.program"

    @contextmanager
    def _counting_up_to_limits(self):
        """Let counts of uses end at the limits of the programmes; forget them after."""
        cache = self.env.cr.cache
        if cache.get(UP_TO_LIMIT):
            yield
            return
        names = self._get_usage_fields()
        self.invalidate_model(names, flush=False)
        cache[UP_TO_LIMIT] = True
        try:
            yield
        finally:
            del cache[UP_TO_LIMIT]
            self.invalidate_model(names, flush=False)

    def _get_usage_fields(self):
        """Return the fields that count uses. Override to: add those of a channel."""
        return ["order_count", "total_order_count"]

    def _compute_order_count(self):
        """Override: the same orders, as far as the reader sees them, in one query."""
        counts = self._count_orders_of(self.env["sale.order.line"])
        for program in self:
            program.order_count = counts.get(program._origin.id, 0)

    def _count_orders_of(self, lines, domain=()):
        """Return {programme id: number of orders} with one of its rewards.

        Up to limits: one more than the limit at most of each reward, and of programmes
        without a limit nothing, for nobody asks.

        :param lines: the model of the orders' lines, in the rights of who asks
        :param domain: what else the lines must fulfil
        """
        is_bounded = bool(self.env.cr.cache.get(UP_TO_LIMIT))
        asked = self.filtered("limit_usage") if is_bounded else self
        reward_ids = asked.reward_ids._origin.ids
        if not reward_ids:
            return {}
        lines.flush_model(["order_id", "reward_id"])
        found = lines._search(list(domain))
        found.add_where(SQL("%s = reward.id", SQL.identifier(found.table, "reward_id")))
        orders = SQL("DISTINCT %s AS order_id", SQL.identifier(found.table, "order_id"))
        # SQL: each order once for each programme. An index has the orders of a reward
        # in this order, and the look at it ends where the limit does.
        query = """SELECT reward.program_id, count(DISTINCT used.order_id)
            FROM loyalty_reward reward
            JOIN loyalty_program program ON program.id = reward.program_id
            CROSS JOIN LATERAL (%s ORDER BY 1 LIMIT %s) AS used
            WHERE reward.id = ANY(%s) GROUP BY reward.program_id"""
        limit = SQL("greatest(program.max_usage, 0) + 1" if is_bounded else "NULL")
        self.env["loyalty.reward"].flush_model(["program_id"])
        self.flush_model(["max_usage"])
        rows = self.env.execute_query(
            SQL(query, found.select(orders), limit, reward_ids)
        )
        return dict(rows)
