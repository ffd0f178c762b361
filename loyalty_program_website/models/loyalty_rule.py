from odoo import models
from odoo.tools import formatLang


class LoyaltyRule(models.Model):
    _inherit = "loyalty.rule"

    def _get_portal_description(self):
        """Return in one sentence what a customer does to earn under this rule."""
        self.ensure_one()
        program = self.program_id
        points = program._format_portal_points(self.reward_point_amount, signed=True)
        if self.reward_point_mode == "money":
            # Ten units of money, so that no programme has to say "1 points".
            text = self.env._(
                "%(amount)s spent: %(points)s",
                points=program._format_portal_points(10 * self.reward_point_amount),
                amount=self._format_portal_amount(10),
            )
        elif self.reward_point_mode == "unit":
            text = self.env._("Every item you buy: %(points)s", points=points)
        else:
            text = self.env._("Every order: %(points)s", points=points)
        if not self.minimum_amount:
            return text
        return self.env._(
            "%(earning)s, from %(amount)s on",
            earning=text,
            amount=self._format_portal_amount(self.minimum_amount),
        )

    def _format_portal_amount(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)
