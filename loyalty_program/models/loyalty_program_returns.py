from dataclasses import replace
from decimal import ROUND_DOWN, Decimal

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..engine import proration
from ..engine.rounding import round_points, to_decimal
from ..engine.values import ZERO


class LoyaltyProgram(models.Model):
    """Returns: what a document earned for, and what happens to points already spent."""

    _inherit = "loyalty.program"

    debt_policy = fields.Selection(
        selection=[
            ("refuse", "Refuse the return"),
            ("allow", "Go below zero: the next earning repays"),
            ("value", "Take their value off the refund"),
        ],
        string="Points spent already",
        help="What happens when goods come back whose points were spent: on the credit "
        "note, and at the till before money is given back. A till without a connection "
        "refunds all the same: there the points are owed and the order says so.",
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
                        "refund.",
                        name=program.name,
                    )
                )

    def _price_missing(self, missing, room):
        """Return (points, money) of what is taken off a refund.

        What the refund is too small for stays owed.

        :param Decimal missing: points that were spent already
        :param Decimal room: what there is to give back, in the programme's currency
        """
        self.ensure_one()
        value = to_decimal(self.point_value)
        cent = Decimal(1).scaleb(-self.currency_id.decimal_places)

        def price(points):
            return (points * value).quantize(cent, rounding=ROUND_DOWN)

        if room < price(missing):
            missing = round_points(max(room, ZERO) / value, self.points_scale)
        return missing, price(missing)

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(vals_list)
        if "strict" in programs.mapped("ledger_policy"):
            self.env.registry.clear_cache()
        programs._prepare_returns()
        return programs

    def write(self, vals):
        result = super().write(vals)
        if {"ledger_policy", "earn_moment"} & vals.keys():
            self.env.registry.clear_cache()
        if "debt_policy" in vals:
            self._prepare_returns()
        return result

    def _prepare_returns(self):
        """Make the product that tills load at their opening, where it is needed."""
        if "value" in self.mapped("debt_policy"):
            self._get_points_value_product()

    @api.model
    @tools.ormcache()
    def _has_strict(self):
        """Tell whether any programme is strict: without one, returns cost nothing."""
        # sudo: one fact for all users.
        programs = self.sudo().with_context(active_test=False)
        return bool(programs.search_count([("ledger_policy", "=", "strict")], limit=1))

    @api.model
    @tools.ormcache()
    def _has_payment_moment(self):
        """Tell whether a payment that is taken back may concern any programme."""
        # sudo: one fact for all users.
        programs = self.sudo().with_context(active_test=False)
        domain = [("ledger_policy", "=", "strict"), ("earn_moment", "=", "payment")]
        if programs.search_count(domain, limit=1):
            return True
        # sudo: see above. Orders earn as it was said then, settings change.
        rows = self.env["sale.order.coupon.points"].sudo()
        return bool(rows.search_count([("earn_moment", "=", "payment")], limit=1))

    def _evaluate(self, basket, multiplier=Decimal(1)):
        """Keep in the breakdown what the points were earned for."""
        earned = super()._evaluate(basket, multiplier)
        goods = proration.snapshot(basket)
        return replace(earned, breakdown={**earned.breakdown, "goods": goods})
