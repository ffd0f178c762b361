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


class LoyaltyRewardClaim(models.Model):
    _inherit = "loyalty.reward.claim"

    def _get_portal_label(self):
        """Return the state in the member's words. Override to: word another state."""
        self.ensure_one()
        if self.state == "void":
            return self.env._("Void, your points came back")
        labels = dict(self._fields["state"]._description_selection(self.env))
        return labels[self.state]
