from odoo import models


class LoyaltyLedgerEntry(models.Model):
    _inherit = "loyalty.ledger.entry"

    # Campaigns ask for the last purchase of every member, and for the first one
    # after a date.
    _purchase_index = models.Index(
        "(member_card_id, occurred_at) WHERE entry_type = 'earn'"
    )
