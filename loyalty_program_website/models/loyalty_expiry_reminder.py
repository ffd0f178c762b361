from odoo import models


class LoyaltyExpiryReminder(models.Model):
    _inherit = "loyalty.expiry.reminder"

    def _get_mail_url(self):
        """Override of ``loyalty_program``: the member's own page in the portal."""
        return f"{super()._get_mail_url()}/loyalty"
