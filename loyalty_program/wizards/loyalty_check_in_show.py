from odoo import fields, models
from odoo.exceptions import AccessError

from ..models.loyalty_check_in import LIFE


class LoyaltyCheckInShow(models.TransientModel):
    """Back office: show a visitor a code."""

    _name = "loyalty.check.in.show"
    _description = "Show a Check-in Code"

    place = fields.Char(required=True, default=lambda self: self.env.company.name)
    picture = fields.Html(readonly=True, sanitize=False)
    expires_at = fields.Datetime(string="Works until", readonly=True)

    def action_show(self):
        """Draw a new code; the one before works on until its minute is over."""
        self.ensure_one()
        if not self.env.user.has_group("loyalty_program.group_loyalty_user"):
            raise AccessError(self.env._("Only loyalty users show check-in codes."))
        shown = self.env["loyalty.check.in"]._show(self.place)
        self.write(
            {
                "picture": self.env["ir.qweb"]._render(
                    "loyalty_program.check_in_picture", {"shown": shown}
                ),
                "expires_at": fields.Datetime.now() + LIFE,
            }
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_check_in_show_action"
        )
        action["res_id"] = self.id
        return action
