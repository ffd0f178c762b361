from dataclasses import replace

from odoo import fields, models

#: Occasions of the two sides of a referral.
OCCASIONS = ("referral", "referral_friend")


class LoyaltyGift(models.Model):
    """What member and friend get is a gift like any other, given once by its key."""

    _inherit = "loyalty.gift"

    occasion = fields.Selection(
        selection_add=[
            ("referral", "Brought a friend"),
            ("referral_friend", "Came by a friend"),
        ],
        ondelete=dict.fromkeys(OCCASIONS, "cascade"),
    )

    def _prepare_posting(self):
        posting = super()._prepare_posting()
        if self.occasion not in OCCASIONS:
            return posting
        return replace(
            posting, counts_for_tier=self.program_id.referral_counts_for_tier
        )
