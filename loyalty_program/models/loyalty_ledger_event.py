from odoo import models


class LoyaltyLedger(models.AbstractModel):
    """Events earn by what was true on their day, as sales do."""

    _inherit = "loyalty.ledger"

    def _is_sale(self, posting):
        """Let the event decide, which may be told after the programme's end.

        Closed books may move its entry to a day on which nothing is collected.
        """
        is_event = posting.origin and posting.origin[0] == "loyalty.event"
        return is_event or super()._is_sale(posting)
