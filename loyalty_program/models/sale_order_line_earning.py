from odoo import models

from .sale_order_earning import DELIVERED


class SaleOrderLine(models.Model):
    """The moments at which an order is delivered, line by line.

    The delivered quantity comes from stock moves, from timesheets or from hand, and
    falls where goods come back. One look at the end of the transaction takes all the
    lines of a delivery together.
    """

    _inherit = "sale.order.line"

    def write(self, vals):
        result = super().write(vals)
        if "qty_delivered" in vals and self.env["loyalty.program"]._has_strict():
            self._note_delivery()
        return result

    def _compute_field_value(self, field):
        result = super()._compute_field_value(field)
        if field.name == "qty_delivered" and self.env["loyalty.program"]._has_strict():
            self.filtered(lambda line: line._may_have_moved())._note_delivery()
        return result

    def _may_have_moved(self):
        """Tell whether anything was delivered by now, all of it returned included."""
        if self.qty_delivered or "move_ids" not in self._fields:
            return True
        # sudo: who sells need not see the transfers.
        states = self.sudo().move_ids.mapped("state")
        return not {"done", "cancel"}.isdisjoint(states)

    def _get_invoiced_quantity(self):
        """Return how many units were invoiced, be they credited since or not."""
        return sum(
            line.product_uom_id._compute_quantity(line.quantity, self.product_uom_id)
            for line in self.invoice_lines
            if line.parent_state == "posted" and line.move_id.move_type == "out_invoice"
        )

    def _note_delivery(self):
        lines = self.filtered(lambda line: line.id and line.state == "sale")
        if not lines:
            return
        precommit = self.env.cr.precommit
        if DELIVERED not in precommit.data:
            precommit.data[DELIVERED] = set()
            # sudo: what was delivered is a fact, whoever books it.
            precommit.add(self.sudo().env["sale.order"]._post_noted_deliveries)
        precommit.data[DELIVERED].update(lines.order_id.ids)
