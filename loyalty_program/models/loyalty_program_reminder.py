from odoo import fields, models

from ..engine.reminders import reminder_steps


class LoyaltyProgram(models.Model):
    """When members are reminded of points that expire."""

    _inherit = "loyalty.program"

    reminder_first_days = fields.Integer(
        string="Remind (days before)",
        help="Members with points that expire get a mail so many days before. 0: none.",
        default=30,
    )
    reminder_last_days = fields.Integer(
        string="Remind again (days before)",
        help="Members who still have them get a second mail. 0: none.",
        default=7,
    )

    _reminder_days_sane = models.Constraint(
        """CHECK (reminder_first_days BETWEEN 0 AND 366 AND reminder_last_days >= 0
            AND (reminder_last_days < reminder_first_days
                OR reminder_last_days = 0 OR reminder_first_days = 0)
            AND reminder_last_days <= 366)""",
        "Members are reminded up to a year before, then once more, later.",
    )

    def _get_reminder_steps(self):
        return reminder_steps(
            self._get_local_date(), self.reminder_first_days, self.reminder_last_days
        )
