from odoo import models
from odoo.exceptions import UserError

#: The context key with which a dialog asks to be told why a reward is refused.
RAISE = "loyalty_raise_refusal"


class SaleOrder(models.Model):
    """A refused reward is told, where Odoo's dialog would close without a word."""

    _inherit = "sale.order"

    def _apply_program_reward(self, reward, coupon, **kwargs):
        status = super()._apply_program_reward(reward, coupon, **kwargs)
        if "error" in status and self.env.context.get(RAISE):
            raise UserError(status["error"])
        return status
