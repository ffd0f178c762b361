from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class SaleOrder(models.Model):
    """The usage limit of a promotion holds when the order is confirmed.

    Odoo looks at it while the order is a quotation: of two quotations that were both
    in time, both were confirmed.
    """

    _inherit = "sale.order"

    def _update_programs_and_rewards(self):
        # Whether a promotion may still be used is asked here, not how often it was.
        with self.env["loyalty.program"]._counting_up_to_limits():
            return super()._update_programs_and_rewards()

    def _try_apply_code(self, code):
        with self.env["loyalty.program"]._counting_up_to_limits():
            return super()._try_apply_code(code)

    def action_confirm(self):
        for order in self.filtered(lambda order: order.state != "sale"):
            order._check_usage_limits()
        return super().action_confirm()

    def _check_usage_limits(self):
        """Refuse promotions whose limit other orders have reached meanwhile.

        An order that is paid for is kept, with a note for the manager.
        """
        self.ensure_one()
        # sudo: the limit holds whoever sells, and counts everybody's orders.
        programs = self.order_line.reward_id.program_id.sudo()
        limited = programs.filtered("limit_usage")
        if not limited:
            return
        limited._take_turns()
        for program in limited:
            if program._get_confirmed_usage(self) < program.max_usage:
                continue
            message = self.env._(
                "“%(name)s” has been used %(limit)s times, which is its limit.",
                name=program.name,
                limit=program.max_usage,
            )
            if not self._is_loyalty_paid():
                raise UserError(message)
            self.message_post(body=message)


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    def _take_turns(self):
        """Let only one transaction at a time go on with these programmes.

        The other one is repeated by Odoo and sees then what the first one did.
        """
        # SQL: an update of nothing. A lock alone would not show the other's orders.
        query = "UPDATE loyalty_program SET write_date = write_date WHERE id = ANY(%s)"
        self.env.cr.execute(SQL(query, self.ids))

    def _get_confirmed_usage(self, order):
        """Return how many sales used the programme, ``order`` left out.

        No more than it takes to know that the limit is reached.
        """
        self.ensure_one()
        lines = self.env["sale.order.line"]
        lines.flush_model(["order_id", "reward_id"])
        domain = [("order_id.state", "=", "sale"), ("order_id", "!=", order.id)]
        with self._counting_up_to_limits():
            return self._count_orders_of(lines, domain).get(self.id, 0)
