from odoo import api, models
from odoo.exceptions import ValidationError

from ..engine.rounding import is_number, to_decimal

#: The database's whole numbers end here.
MAX_INTEGER = 2**31 - 1

NUMBERS = {"float", "integer", "monetary"}


class LoyaltyNumberMixin(models.AbstractModel):
    """Settings are finite numbers of a sane size, whoever sends them.

    A limit of the database alone lets NaN pass: to it that is the largest number. And
    where Odoo rounds or converts it, the error is one of Python.
    """

    _name = "loyalty.number.mixin"
    _description = "Checked Numbers"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_numbers(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_numbers(vals)
        return super().write(vals)

    @api.model
    def _check_numbers(self, vals):
        """Refuse what is no number where one belongs.

        :raise ValidationError: names the field and the value
        """
        for name, value in vals.items():
            field = self._fields.get(name)
            if not field or field.type not in NUMBERS or not value:
                continue
            facts = {
                "field": field._description_string(self.env),
                "value": repr(value),
            }
            is_whole = field.type == "integer"
            if not is_number(value) or (
                is_whole and abs(to_decimal(value)) > MAX_INTEGER
            ):
                raise ValidationError(
                    self.env._("“%(field)s” takes a number, and no %(value)s.", **facts)
                )
            if is_whole and to_decimal(value) % 1:
                raise ValidationError(
                    self.env._(
                        "“%(field)s” takes a whole number, and no %(value)s.", **facts
                    )
                )


class LoyaltyProgram(models.Model):
    _name = "loyalty.program"
    _inherit = ["loyalty.program", "loyalty.number.mixin"]


class LoyaltyRule(models.Model):
    _name = "loyalty.rule"
    _inherit = ["loyalty.rule", "loyalty.number.mixin"]


class LoyaltyReward(models.Model):
    _name = "loyalty.reward"
    _inherit = ["loyalty.reward", "loyalty.number.mixin"]


class LoyaltyMail(models.Model):
    _name = "loyalty.mail"
    _inherit = ["loyalty.mail", "loyalty.number.mixin"]


class LoyaltyTier(models.Model):
    _name = "loyalty.tier"
    _inherit = ["loyalty.tier", "loyalty.number.mixin"]


class LoyaltyTierBenefit(models.Model):
    _name = "loyalty.tier.benefit"
    _inherit = ["loyalty.tier.benefit", "loyalty.number.mixin"]


class LoyaltyEventRule(models.Model):
    _name = "loyalty.event.rule"
    _inherit = ["loyalty.event.rule", "loyalty.number.mixin"]


class LoyaltyCouponBatch(models.Model):
    _name = "loyalty.coupon.batch"
    _inherit = ["loyalty.coupon.batch", "loyalty.number.mixin"]
