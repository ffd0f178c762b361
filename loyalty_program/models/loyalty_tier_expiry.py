from odoo import fields, models


class LoyaltyTier(models.Model):
    """A tier may make the points of its members last longer."""

    _inherit = "loyalty.tier"

    extra_validity_months = fields.Integer(
        string="Points last longer (months)",
        help="Months that points earned in this tier last beyond the programme's "
        "period. Where inactivity counts: the tier of the day.",
        default=0,
    )

    _extra_validity_sane = models.Constraint(
        "CHECK (extra_validity_months BETWEEN 0 AND 1200)",
        "A tier extends the life of points by 0 to 1200 months.",
    )
