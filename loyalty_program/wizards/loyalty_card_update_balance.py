from odoo import models


class LoyaltyCardUpdateBalance(models.TransientModel):
    _inherit = "loyalty.card.update.balance"

    def action_update_card_point(self):
        """Lead the adjustment of a member's balance to where it needs a right."""
        strict = self.filtered(
            lambda wizard: wizard.card_id.program_id.ledger_policy == "strict"
        )
        for wizard in strict:
            wizard._adjust_member()
        result = None
        for wizard in self - strict:
            result = super(LoyaltyCardUpdateBalance, wizard).action_update_card_point()
        return result

    def _adjust_member(self):
        # sudo: the reason stands for this door, whoever comes through it.
        reason = self.env.ref("loyalty_program.adjustment_reason_direct").sudo()
        self.env["loyalty.adjust"].create(
            {
                "card_id": self.card_id.id,
                "mode": "balance",
                "new_balance": self.new_balance,
                "reason_id": reason.id,
                "note": self.description,
            }
        ).action_adjust()
