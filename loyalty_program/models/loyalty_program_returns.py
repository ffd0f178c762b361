from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..engine import proration


class LoyaltyProgram(models.Model):
    """Returns: what a document earned for, and what happens to points already spent."""

    _inherit = "loyalty.program"

    debt_policy = fields.Selection(
        selection=[
            ("refuse", "Refuse the return"),
            ("allow", "Go below zero: the next earning repays"),
            ("value", "Take their value off the credit note"),
        ],
        string="Points spent already",
        help="What happens when goods come back whose points were spent. What a "
        "customer has paid or got at a till is never refused: there the points are "
        "owed and the order says so.",
        default="allow",
        required=True,
    )

    @api.constrains("debt_policy", "point_value")
    def _check_value_is_known(self):
        for program in self:
            if program.debt_policy == "value" and not program.point_value:
                raise ValidationError(
                    self.env._(
                        "Say what a point of “%(name)s” is worth, to take it off a "
                        "credit note.",
                        name=program.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(vals_list)
        if "strict" in programs.mapped("ledger_policy"):
            self.env.registry.clear_cache()
        return programs

    def write(self, vals):
        result = super().write(vals)
        if "ledger_policy" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache()
    def _has_strict(self):
        """Tell whether any programme is strict: without one, returns cost nothing."""
        # sudo: one fact for all users.
        programs = self.sudo().with_context(active_test=False)
        return bool(programs.search_count([("ledger_policy", "=", "strict")], limit=1))

    def _evaluate(self, basket, multiplier=Decimal(1)):
        """Keep in the breakdown what the points were earned for."""
        earned = super()._evaluate(basket, multiplier)
        goods = proration.snapshot(basket)
        return replace(earned, breakdown={**earned.breakdown, "goods": goods})
