from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..models.loyalty_liability import AS_OF


class LoyaltyLiabilityDay(models.TransientModel):
    """Choose the day at whose end the liability report looks."""

    _name = "loyalty.liability.day"
    _description = "Loyalty Liability on a Day"

    day = fields.Date(
        string="At the end of",
        default=lambda self: self.env.company._get_loyalty_day(),
        required=True,
    )

    def action_open(self):
        """Open the report of that day.

        :raise UserError: the day is still to come
        """
        self.ensure_one()
        if self.day > self.env.company._get_loyalty_day():
            raise UserError(self.env._("The points of a day to come are not known."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_liability_action"
        )
        day = fields.Date.to_string(self.day)
        title = self.env._(
            "Points liability on %(day)s", day=format_date(self.env, self.day)
        )
        return {
            **action,
            "name": title,
            "display_name": title,
            "context": {AS_OF: day},
            "target": "current",
        }
