from odoo import models


class LoyaltyProgram(models.Model):
    """What a programme tells somebody whom a friend sent."""

    _inherit = "loyalty.program"

    def _describe_friend_gift(self):
        """Return what the friend gets, as a sentence to the friend; "" for nothing."""
        gift = self and self._name_referral_gift("friend")
        if not gift:
            return ""
        if self.referral_friend_on == "sign_up":
            return self.env._("Join, and you get %(gift)s.", gift=gift)
        return self.env._(
            "Join, and you get %(gift)s after your first order.", gift=gift
        )
