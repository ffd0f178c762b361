from odoo import fields, models


class LoyaltyProgram(models.Model):
    """For how long expired points may be given back."""

    _inherit = "loyalty.program"

    reinstate_days = fields.Integer(
        string="Give back expired points (days)",
        help="So many days after points expired they may be given back, once and with "
        "a reason. 0: never.",
        default=30,
    )

    _reinstate_days_sane = models.Constraint(
        "CHECK (reinstate_days BETWEEN 0 AND 3660)",
        "Expired points may be given back for up to ten years.",
    )
