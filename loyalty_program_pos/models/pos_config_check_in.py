from odoo import models
from odoo.exceptions import AccessError


class PosConfig(models.Model):
    """A till shows visitors a code to check in with."""

    _inherit = "pos.config"

    def loyalty_show_check_in(self):
        """Return a new code for the till's screen, see ``loyalty.check.in._show``.

        :raise AccessError: no till user, or no open register
        """
        self._check_one_till()
        if not self.env.user.has_group("point_of_sale.group_pos_user"):
            raise AccessError(self.env._("Only till users show check-in codes here."))
        if self.current_session_id.state != "opened":
            raise AccessError(
                self.env._("Visitors can check in only while the register is open.")
            )
        codes = self.env["loyalty.check.in"].with_company(self.company_id)
        return codes._show(self.name)
