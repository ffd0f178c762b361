from odoo import fields, models
from odoo.tools import SQL


class LoyaltyPool(models.Model):
    """Pools that end: who takes over what is still to come."""

    _inherit = "loyalty.pool"

    heir_id = fields.Many2one(
        comodel_name="loyalty.card",
        help="The card that took over the balance when the pool ended, and takes over "
        "what comes back later.",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _choose_owner(self):
        result = super()._choose_owner()
        self.filtered("active").heir_id = False
        return result

    def _query_leftovers(self, program_id, last_id, limit):
        # SQL: ended pools, whose accounts may hold what was bought at the same moment.
        return self.env["loyalty.ledger"]._query_holding(
            SQL("loyalty_pool r WHERE NOT r.active AND r.heir_id IS NOT NULL"),
            SQL("r.account_id"),
            program_id=program_id,
            last_id=last_id,
            limit=limit,
        )

    def _bring_leftovers(self):
        """Move what ended pools still hold to who took over their balance."""
        ledger = self.env["loyalty.ledger"]
        for pool in self:
            account = pool.account_id
            heir = pool.heir_id._get_successor()
            ledger._lock_cards({account.id, heir.id})
            parts = ledger._get_parts(account)
            ledger._move_points(parts, heir, pool, "rest")


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _get_successor(self):
        """Let the account of an ended pool be followed by who took the balance."""
        card = super()._get_successor()
        # Only accounts have no customer, and members who were erased.
        if card.partner_id:
            return card
        # sudo: who took over a balance decides, whoever asks.
        pools = self.env["loyalty.pool"].sudo().with_context(active_test=False)
        pool = pools.search([("account_id", "=", card.id)], limit=1)
        heir = pool.heir_id.with_env(card.env) if not pool.active else card.browse()
        return heir._get_successor() if heir else card
