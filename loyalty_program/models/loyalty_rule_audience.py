from odoo import fields, models

#: Rules that the programmes' check leaves out, on the cursor: ids.
_CLOSED = "loyalty_program.closed_rules"


class LoyaltyRule(models.Model):
    """A rule may be for some tiers or segments only: it earns for them alone."""

    _name = "loyalty.rule"
    _inherit = ["loyalty.rule", "loyalty.audience.mixin"]


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    def _get_valid_products(self, products):
        """Override: a rule that is not for the order's customer has no products."""
        valid = super()._get_valid_products(products)
        closed = self.env.cr.cache.get(_CLOSED)
        if not closed:
            return valid
        return {rule: own for rule, own in valid.items() if rule.id not in closed}


class SaleOrderCouponPoints(models.Model):
    _inherit = "sale.order.coupon.points"

    closed_rules = fields.Json(
        help="Which rules were not for the customer at the moment of the sale: ids.",
        readonly=True,
    )
