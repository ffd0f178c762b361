from odoo import fields, models


class LoyaltyTier(models.Model):
    """A tier may make the points of its members last longer."""

    _inherit = "loyalty.tier"

    extra_validity_months = fields.Integer(
        string="Points last longer (months)",
        help="Months that points earned in this tier last beyond the programme's "
        "period. Where inactivity counts: the best tier held since the last activity.",
        default=0,
    )

    _extra_validity_sane = models.Constraint(
        "CHECK (extra_validity_months BETWEEN 0 AND 1200)",
        "A tier extends the life of points by 0 to 1200 months.",
    )

    def write(self, vals):
        before = {tier: tier.extra_validity_months for tier in self}
        result = super().write(vals)
        self.filtered(
            lambda tier: tier.extra_validity_months < before[tier]
        ).program_id._owe_new_period()
        return result
