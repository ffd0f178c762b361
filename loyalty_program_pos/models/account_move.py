from odoo import models


class AccountMove(models.Model):
    """Credit notes of tills: the till's own refund takes the points back."""

    _inherit = "account.move"

    def _names_a_sale(self):
        """Override: what a till refunded took its points along, invoiced or not."""
        return bool(self.pos_order_ids) or super()._names_a_sale()

    def _explain_no_points_back(self, member):
        """Override: the invoice of a till's sale is named, and is no order's."""
        # sudo: an accountant need not be allowed to read the orders of tills.
        if not self.sudo().reversed_entry_id.pos_order_ids:
            return super()._explain_no_points_back(member)
        return self.env._(
            "This credit note is for a sale at a till: no points of %(member)s were "
            "taken back. If goods came back, refund the sale at a till, or correct "
            "the points.",
            member=member,
        )
