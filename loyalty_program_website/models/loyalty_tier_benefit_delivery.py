from odoo import api, fields, models


class LoyaltyTierBenefit(models.Model):
    """Free delivery, in quotations and in the webshop.

    Here, because ``website_sale`` brings the delivery methods; the core has none.
    """

    _inherit = "loyalty.tier.benefit"

    kind = fields.Selection(
        selection_add=[("delivery", "Free delivery")],
        ondelete={"delivery": "cascade"},
    )
    carrier_ids = fields.Many2many(
        comodel_name="delivery.carrier",
        string="Only with",
        help="Delivery methods that are free. Empty: all of them.",
        ondelete="restrict",
    )

    @api.depends("carrier_ids")
    def _compute_description(self):
        return super()._compute_description()

    def _describe(self):
        if self.kind != "delivery":
            return super()._describe()
        # sudo: the names of delivery methods are what every customer reads.
        names = self.sudo().carrier_ids.mapped("name")
        if not names:
            return self.env._("Free delivery.")
        return self.env._("Free delivery with %(methods)s.", methods=", ".join(names))

    def _get_single_kinds(self):
        return super()._get_single_kinds() | {"delivery"}


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    def rate_shipment(self, order):
        """Override: free for members whose tier says so.

        Quotation and cart ask this; what the carrier takes stays in ``carrier_price``.
        """
        rate = super().rate_shipment(order)
        benefit = self._get_free_delivery(order)
        if rate.get("success") and rate.get("price") and benefit:
            rate["price"] = 0.0
            rate["warning_message"] = self.env._(
                "Delivery is free for %(tier)s members.", tier=benefit.tier_id.name
            )
        return rate

    def _get_free_delivery(self, order):
        """Return the benefit by which the order's customer pays no delivery, if any."""
        benefits = order.partner_id._get_tier_benefits("delivery")
        return benefits.filtered(
            lambda b: (
                (not b.carrier_ids or self in b.carrier_ids)
                and b.company_id.id in (False, order.company_id.id)
            )
        )[:1]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _prepare_delivery_line_vals(self, carrier, price_unit):
        values = super()._prepare_delivery_line_vals(carrier, price_unit)
        benefit = carrier._get_free_delivery(self)
        if benefit and self.currency_id.is_zero(price_unit):
            tier = benefit.with_context(lang=self._get_lang()).tier_id.name
            words = self.with_context(lang=self._get_lang()).env._(
                "Free for %(tier)s members", tier=tier
            )
            values["name"] = f"{values['name']}\n{words}"
        return values
