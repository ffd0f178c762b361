from odoo import models


class LoyaltyReward(models.Model):
    """A reward may be for some tiers or segments only: others never see it."""

    _name = "loyalty.reward"
    _inherit = ["loyalty.reward", "loyalty.audience.mixin"]
