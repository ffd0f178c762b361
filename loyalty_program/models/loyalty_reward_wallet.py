from odoo import api, fields, models

from ..engine.rounding import to_decimal
from ..engine.values import Posting
from .loyalty_reward_ahead import archive_kind


class LoyaltyReward(models.Model):
    """Cashback: points become money on the member's eWallet."""

    _inherit = "loyalty.reward"

    reward_type = fields.Selection(
        selection_add=[("wallet", "Cashback to eWallet")],
        ondelete={"wallet": archive_kind},
    )

    @api.model
    def _get_claim_kinds(self):
        return super()._get_claim_kinds() | {"wallet"}

    @api.model
    def _get_money_kinds(self):
        return super()._get_money_kinds() | {"wallet"}

    @api.model
    def _get_payout_types(self):
        return super()._get_payout_types() | {"wallet": "ewallet"}

    def _get_refusal_wallet(self, _card, _points, _wish):
        return self._get_refusal_payout()

    def _describe(self, card=None):
        if self.reward_type != "wallet":
            return super()._describe(card)
        facts = self._get_money_words(card)
        if not self._is_by_the_point():
            return self.env._("%(least)s = %(amount)s on your eWallet.", **facts)
        return self.env._(
            "%(points)s = %(amount)s on your eWallet, from %(least)s on.", **facts
        )


class LoyaltyRewardClaim(models.Model):
    _inherit = "loyalty.reward.claim"

    def _give_wallet(self, _wish):
        wallet = self.card_id._get_wallet(self.reward_id.payout_program_id)
        self.payout_card_id = wallet
        # The claim is the origin of both entries: they are undone together.
        self.env["loyalty.ledger"]._post(
            [
                Posting(
                    card_id=wallet.id,
                    entry_type="bonus",
                    points=to_decimal(self.amount),
                    key=f"{self._name}:{self.id}:wallet",
                    channel=self.channel,
                    origin=(self._name, self.id),
                    breakdown={
                        "cause": "cashback",
                        "reward": self.reward_id.description,
                    },
                )
            ]
        )

    def _explain_no_void_wallet(self):
        return self._explain_no_payback()

    def _describe_given_wallet(self):
        return self.env._(
            "%(amount)s on your eWallet", amount=self.currency_id.format(self.amount)
        )


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _get_wallet(self, program):
        """Return the member's wallet of that programme; the first time it is made."""
        self.ensure_one()
        partner = self.partner_id
        domain = [("program_id", "=", program.id), ("partner_id", "=", partner.id)]
        return self.search(domain, order="id", limit=1) or self.create(
            {"program_id": program.id, "partner_id": partner.id, "points": 0}
        )
