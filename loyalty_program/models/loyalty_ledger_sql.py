import json

from odoo import models
from odoo.tools import SQL

from .loyalty_ledger import CARD_FACTS

#: What a posting reads of its cards. A list of one id is planned as that id.
READ_CARDS = f"SELECT id, {', '.join(CARD_FACTS)} FROM loyalty_card WHERE id IN %s"


class LoyaltyLedger(models.AbstractModel):
    """The statements of the ledger service: one set-based step each.

    What every posting needs is a function of the database, see ``sql/``: it is one
    round trip and planned once.
    """

    _inherit = "loyalty.ledger"

    def _query_post(self, rows, accounts, may_queue, asked):
        return SQL(
            "SELECT loyalty_ledger_post(%s, %s, %s, %s::int[], %s::date[], %s::date)",
            json.dumps(rows),
            accounts,
            may_queue,
            *asked,
        )

    def _query_cards(self, card_ids):
        # SQL: the same few columns with every posting; the ORM would put the statement
        # together each time, which takes longer than running it.
        return SQL(READ_CARDS, tuple(card_ids))

    def _query_undo(self, rows, accounts):
        return SQL("SELECT loyalty_ledger_undo(%s, %s)", json.dumps(rows), accounts)

    def _query_lock(self, account_ids):
        return SQL("SELECT loyalty_ledger_lock(%s)", account_ids)

    def _query_settle(self, account_ids):
        return SQL("SELECT loyalty_ledger_settle(%s)", account_ids)

    def _query_refresh(self, account_ids):
        return SQL("SELECT loyalty_ledger_refresh(%s)", account_ids)
