from odoo import fields, models


class LoyaltyProgram(models.Model):
    """What a programme rewards besides buying."""

    _inherit = "loyalty.program"

    event_rule_ids = fields.One2many(
        comodel_name="loyalty.event.rule",
        inverse_name="program_id",
        string="Event rules",
        copy=True,
    )
