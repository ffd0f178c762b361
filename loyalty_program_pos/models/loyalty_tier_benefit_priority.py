from odoo import fields, models


class LoyaltyTierBenefit(models.Model):
    """Priority delivery: the transfers of a member's orders are starred.

    Here, because the till brings the stock; the core has none.
    """

    _inherit = "loyalty.tier.benefit"

    kind = fields.Selection(
        selection_add=[("priority", "Priority delivery")],
        ondelete={"priority": "cascade"},
    )

    def _describe(self):
        if self.kind != "priority":
            return super()._describe()
        return self.env._("Priority delivery.")

    def _get_single_kinds(self):
        return super()._get_single_kinds() | {"priority"}


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_new_picking_values(self):
        values = super()._get_new_picking_values()
        customers = self._get_loyalty_customers()
        if any(customer._get_tier_benefits("priority") for customer in customers):
            values["priority"] = "1"
        return values

    def _get_loyalty_customers(self):
        """Return the customers whose sales orders these moves, or later ones, serve."""
        # The bridge between sales and stock installs itself wherever both are; no
        # addon of ours may depend on it, so its field is asked for here.
        if "sale_line_id" not in self._fields:
            return self.env["res.partner"]
        moves = self
        while later := moves.move_dest_ids - moves:
            moves |= later
        # sudo: whoever moves goods need not be allowed to read orders.
        return moves.sudo().sale_line_id.order_id.partner_id
