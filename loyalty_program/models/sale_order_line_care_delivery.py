from odoo import models


class SaleOrderLine(models.Model):
    """Where there is an inventory, it knows when an item arrived, and which one."""

    _inherit = "sale.order.line"

    def _get_care_delivery_day(self):
        """Override: the day of the last transfer, none while one is on its way."""
        day = super()._get_care_delivery_day()
        moves = self._get_care_moves()
        if not day or not moves:
            return day
        if any(move.state != "done" for move in moves):
            return None
        return self.company_id._get_loyalty_day(max(moves.mapped("date")))

    def _get_care_serials(self):
        """Override: the serial numbers that the customer got and has not sent back."""
        names = super()._get_care_serials()
        moves = self._get_care_moves()
        if not moves or self.product_id.tracking != "serial":
            return names
        # sudo: salespeople need not see transfers.
        back = self.sudo().move_ids.filtered(
            lambda move: move.location_id.usage == "customer" and move.state == "done"
        )
        lots = moves.move_line_ids.lot_id - back.move_line_ids.lot_id
        return names + lots.mapped("name")

    def _get_care_moves(self):
        """Return the moves that bring the item to the customer, None without stock."""
        self.ensure_one()
        # Only where ``sale_stock`` is installed.
        if "move_ids" not in self._fields:
            return None
        # sudo: salespeople need not see transfers.
        return self.sudo().move_ids.filtered(
            lambda move: (
                move.location_dest_id.usage == "customer" and move.state != "cancel"
            )
        )
