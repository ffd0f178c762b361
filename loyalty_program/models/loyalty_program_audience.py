from odoo import models


class LoyaltyProgram(models.Model):
    """A programme may be for some tiers or segments only."""

    _name = "loyalty.program"
    _inherit = ["loyalty.program", "loyalty.audience.mixin"]
