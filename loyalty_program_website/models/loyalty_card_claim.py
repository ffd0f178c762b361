from odoo import models


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _get_portal_claims(self, limit):
        """Return what the member claimed as their own page shows it.

        :return: dicts with ``claim``, ``given`` (what it is), ``hint`` (how to use
            it), ``label`` (its state in words) and ``is_over``; the newest first
        """
        self.ensure_one()
        # sudo: customers cannot read claims; these are bound to the member's own.
        claims = self.env["loyalty.reward.claim"].sudo()
        claims = claims.search(
            [("card_id", "=", self.id)], order="id desc", limit=limit
        )
        over = claims._get_void_states()
        return [
            {
                "claim": claim,
                "given": claim._describe_given(),
                "hint": claim._get_instructions(),
                "label": claim._get_portal_label(),
                "is_over": claim.state in over,
            }
            for claim in claims
        ]

    def _get_portal_wallets(self):
        """Return the eWallets that hold money which the member was paid out."""
        self.ensure_one()
        # sudo: customers cannot read claims and cards; these are the member's own.
        cards = self.sudo().claim_ids.payout_card_id
        return cards.filtered(
            lambda card: (
                card.program_id.program_type == "ewallet"
                and card.partner_id == self.partner_id
                and card.points > 0
            )
        )

    def _describe_portal_wallet(self):
        """Return what an eWallet holds and what it is for, as a sentence."""
        self.ensure_one()
        # sudo: the caller found the wallet by the member.
        program = self.sudo().program_id
        return self.env._(
            "%(amount)s on your eWallet: use it in the cart.",
            amount=program.currency_id.format(self.points),
        )


class LoyaltyRewardClaim(models.Model):
    _inherit = "loyalty.reward.claim"

    def _get_mail_url(self):
        """Override of ``loyalty_program``: the member's own page in the portal."""
        return f"{super()._get_mail_url()}/loyalty"

    def _get_portal_label(self):
        """Return the state in the member's words. Override to: word another state."""
        self.ensure_one()
        if self.state == "void":
            return self.env._("Void, your points came back")
        if self.state == "given" and self.kind in ("gift_card", "partner_code"):
            return self.env._("Yours")
        if self.state == "given" and self.kind == "wallet":
            return self.env._("Paid out")
        labels = dict(self._fields["state"]._description_selection(self.env))
        return labels[self.state]
