from odoo import models


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _find_portal_request(self, claim_id):
        """Return the claim of this member that a form named, or an empty record.

        The id is compared with the member's own claims and never reaches the database.
        """
        self.ensure_one()
        # sudo: customers cannot read claims; these are the member's own.
        claims = self.sudo().claim_ids
        return claims.filtered(lambda claim: str(claim.id) == str(claim_id))


class LoyaltyExperienceDate(models.Model):
    _inherit = "loyalty.experience.date"

    def _describe_portal_choice(self):
        """Return the date and how many places it has, as a member chooses it."""
        self.ensure_one()
        if self._explain_no_place():
            return self.env._("%(date)s (no places left)", date=self.display_name)
        if self.left == 1:
            return self.env._("%(date)s (1 place left)", date=self.display_name)
        return self.env._(
            "%(date)s (%(count)s places left)", date=self.display_name, count=self.left
        )


class LoyaltyRewardClaim(models.Model):
    _inherit = "loyalty.reward.claim"

    def _get_portal_label(self):
        words = {
            ("experience", "requested"): self.env._("Waits for our answer"),
            ("experience", "approved"): self.env._("Confirmed"),
            ("experience", "given"): self.env._("Done"),
            ("experience", "declined"): self.env._("Declined, your points came back"),
            ("physical", "requested"): self.env._("On its way to you"),
            ("physical", "given"): self.env._("Handed over"),
        }
        return words.get((self.kind, self.state)) or super()._get_portal_label()

    def _get_portal_note(self):
        """Return what the member should know about the state, or an empty text."""
        self.ensure_one()
        return self.decline_note or "" if self.state == "declined" else ""
