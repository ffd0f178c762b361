from odoo import models


class LoyaltyCard(models.Model):
    """What others keep of a person who is erased: pools, events, what was written."""

    _inherit = "loyalty.card"

    def _erase_traces(self):
        self.pool_member_ids._decline()
        self.pool_member_ids._leave()
        self.pool_member_ids.pool_id._forget_name(self.partner_id)
        self._erase_words()
        self._erase_events()
        return super()._erase_traces()

    def _erase_words(self):
        """Remove what staff wrote about the member; what was done stays."""
        transfers = self.env["loyalty.transfer"].search(
            ["|", ("card_id", "=", self.id), ("target_card_id", "=", self.id)]
        )
        transfers.reason = self.env._("Erased")
        self.claim_ids.decline_note = False
        own = [("card_id", "=", self.id)]
        self.env["loyalty.tier.change"].search(own).reason = False
        self.env["loyalty.entitlement.use"].search(own).note = False

    def _erase_events(self):
        """Remove the events of a contact who is nowhere a member any more."""
        events = self.env["loyalty.event"].search(
            [("partner_id", "in", self.partner_id.ids)]
        )
        events._forget_details()
        others = self.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("member_state", "not in", ("none", "erased")),
                ("id", "!=", self.id),
            ]
        )
        if not others:
            events.unlink()
