from odoo import fields, models

from .loyalty_pool import POOL_LEAVING, POOL_SPENDING


class LoyaltyProgram(models.Model):
    """How members of a programme share their points."""

    _inherit = "loyalty.program"

    pool_contacts = fields.Boolean(
        string="Contacts of one company share",
        help="Members who belong to one company collect into one balance.",
    )
    pool_spending = fields.Selection(
        selection=POOL_SPENDING,
        string="Who may spend",
        help="Of a new pool; each pool may say otherwise.",
        default="everybody",
        required=True,
    )
    pool_leaving = fields.Selection(
        selection=POOL_LEAVING,
        string="When a member leaves",
        help="Of a new pool; each pool may say otherwise.",
        default="stay",
        required=True,
    )


class LoyaltyLedger(models.AbstractModel):
    """At night: contacts who came to another company share there."""

    _inherit = "loyalty.ledger"

    def _run_daily(self):
        yield from super()._run_daily()
        programs = self.env["loyalty.program"].search(
            [("pool_contacts", "=", True), ("ledger_policy", "=", "strict")]
        )
        for program in programs:
            yield from self._share_with_companies(program)

    def _share_with_companies(self, program, batch=200):
        cards = self.env["loyalty.card"]
        self.env.flush_all()
        last_id = 0
        while rows := self.env.execute_query(
            cards._query_strangers(program.id, last_id, batch)
        ):
            last_id = rows[-1][0]
            strangers = cards.browse(row[0] for row in rows)
            strangers._share_with_company("backoffice")
            yield strangers
