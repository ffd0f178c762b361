import pytz

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_loyalty_day(self, moment=None):
        """Return the company's day of a naive UTC datetime, of now without one."""
        self.ensure_one()
        moment = moment or fields.Datetime.now()
        zone = self._get_loyalty_timezone()
        return pytz.utc.localize(moment).astimezone(zone).date()
