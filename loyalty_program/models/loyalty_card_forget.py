from odoo import models


class LoyaltyCard(models.Model):
    """What pools, transfers and events keep of a person who is erased."""

    _inherit = "loyalty.card"

    def _erase_traces(self):
        self.pool_member_ids._decline()
        self.pool_member_ids._leave()
        transfers = self.env["loyalty.transfer"].search(
            ["|", ("card_id", "=", self.id), ("target_card_id", "=", self.id)]
        )
        transfers.reason = self.env._("Erased")
        self._erase_events()
        return super()._erase_traces()

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
