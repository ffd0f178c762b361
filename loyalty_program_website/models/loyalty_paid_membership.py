from odoo import models
from odoo.fields import Domain


class LoyaltyPaidMembership(models.Model):
    """Free delivery is a use of a paid membership.

    Here, because ``website_sale`` brings the delivery methods.
    """

    _inherit = "loyalty.paid.membership"

    def _get_uses(self):
        uses = super()._get_uses()
        if orders := self._get_free_deliveries():
            uses.append(
                self.env._("free delivery of %(orders)s", orders=", ".join(orders))
            )
        return uses

    def _get_free_deliveries(self):
        """Return the names of the orders that the tier delivered for nothing."""
        self.ensure_one()
        benefits = self._get_benefits().filtered(lambda own: own.kind == "delivery")
        if not benefits:
            return []
        domain = (
            Domain("is_delivery", "=", True)
            & Domain("price_unit", "=", 0)
            & Domain("order_id.partner_id", "=", self.partner_id.id)
            & Domain("order_id.state", "=", "sale")
            & Domain("create_date", ">=", self.create_date)
        )
        if all(benefit.carrier_ids for benefit in benefits):
            domain &= Domain("order_id.carrier_id", "in", benefits.carrier_ids.ids)
        # sudo: whoever books a credit note need not see the other orders.
        return self.env["sale.order.line"].sudo().search(domain).order_id.mapped("name")
