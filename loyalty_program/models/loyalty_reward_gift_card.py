from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ..engine.rounding import to_decimal
from .loyalty_reward_ahead import archive_kind


class LoyaltyReward(models.Model):
    """A gift card: points become a code worth money, to keep or to give away."""

    _inherit = "loyalty.reward"

    reward_type = fields.Selection(
        selection_add=[("gift_card", "Gift Card")],
        ondelete={"gift_card": archive_kind},
    )
    gift_card_days = fields.Integer(
        string="Gift card valid for",
        help="Days, counted from the day of the claim. 0: without end.",
        default=0,
    )

    _gift_card_days_positive = models.Constraint(
        "CHECK (gift_card_days >= 0)",
        "A gift card cannot end before it begins.",
    )

    @api.model
    def _get_claim_kinds(self):
        return super()._get_claim_kinds() | {"gift_card"}

    @api.model
    def _get_money_kinds(self):
        return super()._get_money_kinds() | {"gift_card"}

    @api.model
    def _get_payout_types(self):
        return super()._get_payout_types() | {"gift_card": "gift_card"}

    def _get_refusal_gift_card(self, _card, _points, _wish):
        return self._get_refusal_payout()

    def _describe(self, card=None):
        if self.reward_type != "gift_card":
            return super()._describe(card)
        facts = self._get_money_words(card)
        if not self._is_by_the_point():
            return self.env._("%(least)s = a gift card of %(amount)s.", **facts)
        return self.env._(
            "%(points)s = %(amount)s on a gift card, from %(least)s on.", **facts
        )


class LoyaltyRewardClaim(models.Model):
    _inherit = "loyalty.reward.claim"

    def _give_gift_card(self, _wish):
        reward = self.reward_id
        days = reward.gift_card_days
        today = self.program_id._get_local_date()
        # Bearer paper: without an owner, whoever has the code may use it. The claim
        # tells whose it was, and shows it to the member.
        self.payout_card_id = self.env["loyalty.card"].create(
            {
                "program_id": reward.payout_program_id.id,
                "points": self.amount,
                "expiration_date": days and today + timedelta(days=days),
            }
        )

    def _explain_no_void_gift_card(self):
        return self._explain_no_payback()

    def _take_back_gift_card(self):
        card = self.payout_card_id
        # What somebody added to it meanwhile is the holder's.
        rest = to_decimal(card.points) - to_decimal(self.amount)
        card.write({"points": float(rest), "active": bool(rest)})

    def _describe_given_gift_card(self):
        card = self.payout_card_id
        amount = self.currency_id.format(self.amount)
        if not card.expiration_date:
            return self.env._(
                "Gift card %(code)s of %(amount)s", code=card.code, amount=amount
            )
        return self.env._(
            "Gift card %(code)s of %(amount)s, until %(day)s",
            code=card.code,
            amount=amount,
            day=format_date(self.env, card.expiration_date),
        )
