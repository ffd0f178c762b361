from odoo import models
from odoo.exceptions import AccessError


class LoyaltyCardUpdateBalance(models.TransientModel):
    _inherit = "loyalty.card.update.balance"

    def action_update_card_point(self):
        """Keep the adjustment of a member's balance to managers, history included."""
        for wizard in self:
            strict = wizard.card_id.program_id.ledger_policy == "strict"
            if strict and not self.env.user.has_group(
                "loyalty_program.group_loyalty_adjust"
            ):
                raise AccessError(
                    self.env._(
                        "Adjusting a member's balance is a right that you do not have."
                    )
                )
        return super().action_update_card_point()
