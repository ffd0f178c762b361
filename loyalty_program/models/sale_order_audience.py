from odoo import models


class SaleOrder(models.Model):
    """What is for some customers only is left out of the orders of others.

    An order that is confirmed, paid for or signed keeps what it has: who loses a tier
    meanwhile pays what was agreed.
    """

    _inherit = "sale.order"

    def _get_program_domain(self):
        closed = self._get_closed_program_ids()
        # A list, as in stock: website_sale_loyalty replaces one of its leaves.
        return [*super()._get_program_domain(), *_leave_out("id", closed)]

    def _get_trigger_domain(self):
        closed = self._get_closed_program_ids()
        return [*super()._get_trigger_domain(), *_leave_out("program_id", closed)]

    def _get_closed_program_ids(self):
        """Return the ids of programmes that this order must not use."""
        self.ensure_one()
        closed = self.env["loyalty.program"]._get_closed_ids(self.partner_id)
        if closed and self._is_agreed():
            kept = set(self.order_line.reward_id.program_id.ids)
            closed = [program_id for program_id in closed if program_id not in kept]
        return closed

    def _is_agreed(self):
        """Tell whether the customer agreed to what the order says by now."""
        return self.state == "sale" or bool(self.signed_on) or self._is_loyalty_paid()


def _leave_out(name, ids):
    return [(name, "not in", ids)] if ids else []
