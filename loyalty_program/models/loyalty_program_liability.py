from odoo import fields, models


class LoyaltyProgram(models.Model):
    """What a point is worth: for the books, and for what a refund takes back."""

    _inherit = "loyalty.program"

    point_value = fields.Float(
        string="Value of a point",
        help="Money that one point stands for, in the programme's currency. The "
        "liability report multiplies with it. 0: unknown.",
        digits=0,
        default=0.0,
    )

    _point_value_sane = models.Constraint(
        "CHECK (point_value BETWEEN 0 AND 1e6)",
        "A point is worth between nothing and a million.",
    )
