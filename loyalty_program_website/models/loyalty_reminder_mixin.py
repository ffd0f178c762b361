from odoo import models


class LoyaltyReminderMixin(models.AbstractModel):
    _inherit = "loyalty.reminder.mixin"

    def _get_mail_url(self):
        """Override of ``loyalty_program``: the member's own page in the portal."""
        return f"{super()._get_mail_url()}/loyalty"
