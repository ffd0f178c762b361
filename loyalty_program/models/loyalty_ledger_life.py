from odoo import api, models
from odoo.exceptions import UserError


class LoyaltyLedger(models.AbstractModel):
    """The ledger asks the membership whether it may spend."""

    _inherit = "loyalty.ledger"

    def _record_changes(self, changes):
        """Turn a person's bare write of a member's balance into an adjustment."""
        if self._get_claim() or self.env.uid == api.SUPERUSER_ID:
            return super()._record_changes(changes)
        strict = {
            card: delta
            for card, delta in changes.items()
            if card.program_id.ledger_policy == "strict"
        }
        for card, delta in strict.items():
            self.env["loyalty.adjustment"]._write_directly(card, delta)
        return super()._record_changes(
            {card: delta for card, delta in changes.items() if card not in strict}
        )

    def _check_covered(self, cards, rows):
        """Refuse what a membership may not spend, however many points it has.

        Asked only where refusing is possible: what the customer has paid for stays.
        """
        spending = {
            row["member_card_id"] for row in rows if row["entry_type"] == "redeem"
        }
        for card in cards:
            if card.id in spending and not card._may_spend():
                raise UserError(card._explain_no_spending())
        return super()._check_covered(cards, rows)
