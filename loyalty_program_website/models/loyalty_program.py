from odoo import api, models
from odoo.fields import Domain
from odoo.tools import formatLang


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    @api.model
    def _get_website_programs(self, website):
        """Return the strict programmes that ``website`` shows to its customers.

        :param recordset website: one website
        :return: programmes of the website's company, open or not
        """
        return self.search(
            Domain.AND(
                [
                    self._check_company_domain(website.company_id),
                    Domain("is_managed", "=", True),
                    Domain("ledger_policy", "=", "strict"),
                    Domain("website_id", "in", (False, website.id)),
                ]
            )
        )

    def _is_open_on_website(self):
        """Tell whether a customer of the webshop may join today."""
        self.ensure_one()
        today = self._get_local_date()
        return bool(
            self.ecommerce_ok
            and (not self.date_from or self.date_from <= today)
            and (not self.date_to or today <= self.date_to)
        )

    def _format_portal_points(self, points, signed=False):
        """Return an amount of points as a customer reads it, such as "1,240 Points".

        :param points: amount in points
        :param bool signed: put a plus before a gain
        :rtype: str
        """
        self.ensure_one()
        number = formatLang(self.env, abs(points), digits=self.points_scale)
        if points < 0:
            number = f"\N{MINUS SIGN}{number}"
        elif signed:
            number = f"+{number}"
        one = abs(points) == 1 and self._get_name_of_one()
        return f"{number} {one or self._get_point_name()}"
