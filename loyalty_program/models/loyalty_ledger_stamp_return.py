from odoo import models


class LoyaltyLedger(models.AbstractModel):
    """A returned purchase takes a reward along that nobody has used yet.

    Who turned a full card into a coupon and brings a cup back would owe a stamp and
    keep the coupon: the coupon goes instead, and its stamps come back.
    """

    _inherit = "loyalty.ledger"

    def _react(self, result, rows, allow_debt, notify):
        res = super()._react(result, rows, allow_debt, notify)
        taken = {
            row["member_card_id"]
            for row in rows
            if row["entry_type"] == "earn_reversal"
        }
        for card in self.env["loyalty.card"].browse(sorted(taken)):
            if card.points < 0 and card.program_id.shows_stamps:
                card._give_rewards_back()
        return res


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _give_rewards_back(self):
        """Void coupons that the owed stamps were turned into, the latest first."""
        unused = self.issued_coupon_ids.filtered(
            lambda coupon: coupon.coupon_state in ("issued", "sent")
        )
        for coupon in unused.sorted("id", reverse=True):
            if self.points >= 0:
                break
            coupon._void()
