from odoo import models
from odoo.tools import SQL

#: Members of one step of the nightly work.
BATCH = 200


class LoyaltyLedger(models.AbstractModel):
    """What keeps the members of pools and their points together."""

    _inherit = "loyalty.ledger"

    def _fold(self, account_ids):
        result = super()._fold(account_ids)
        # A purchase that was posted while its member joined a pool names the account
        # of before: its points follow the member.
        cards = self.env["loyalty.card"].browse(account_ids)
        cards.filtered("account_id")._bring_strays()
        return result

    def _run_daily(self):
        yield from super()._run_daily()
        programs = self.env["loyalty.program"].search(
            [("ledger_policy", "=", "strict")], order="id"
        )
        for program in programs:
            yield from self._run_apart("pools", program, self._run_pools(program))

    def _run_pools(self, program):
        """Yield after each batch of members whose points and pool came together."""
        cards = self.env["loyalty.card"]
        for batch in self._read_batches(program, cards._query_strays):
            yield batch - self._do_apart("pools", batch, self._bring_strays_of)
        for batch in self._read_batches(program, cards._query_strangers):
            yield batch - self._do_apart("pools", batch, self._share_of)
        pools = self.env["loyalty.pool"]
        for batch in self._read_batches(program, pools._query_leftovers, pools):
            yield batch - self._do_apart("pools", batch, self._bring_leftovers_of)

    def _bring_strays_of(self, cards):
        cards._bring_strays()

    def _share_of(self, cards):
        cards._share_with_company("backoffice")

    def _bring_leftovers_of(self, pools):
        pools._bring_leftovers()

    def _read_batches(self, program, query, model=None):
        """Yield what a query finds, cards by default, in the order of the ids."""
        model = self.env["loyalty.card"] if model is None else model
        last_id = 0
        self.env.flush_all()
        while rows := self.env.execute_query(query(program.id, last_id, BATCH)):
            last_id = rows[-1][0]
            yield model.browse(row[0] for row in rows)

    def _query_holding(self, records, account, *, program_id, last_id, limit):
        """Return the query of records whose account holds points all the same.

        :param SQL records: table ``r`` and the condition on it
        :param SQL account: the account's id, of a row of ``r``
        """
        # SQL: what an account holds are its lots.
        return SQL(
            """
            SELECT r.id FROM %s AND r.program_id = %s AND r.id > %s
                AND EXISTS (SELECT FROM loyalty_lot l
                            WHERE l.card_id = %s AND l.remaining <> 0)
            ORDER BY r.id LIMIT %s
            """,
            records,
            program_id,
            last_id,
            account,
            limit,
        )


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _query_strays(self, program_id, last_id, limit):
        # SQL: members of pools, who have no points of their own.
        return self.env["loyalty.ledger"]._query_holding(
            SQL("loyalty_card r WHERE r.account_id IS NOT NULL"),
            SQL("r.id"),
            program_id=program_id,
            last_id=last_id,
            limit=limit,
        )

    def _bring_strays(self):
        """Move points that went to the own cards of pool members into the pool."""
        members = self.pool_member_ids.filtered(lambda m: m.state == "joined")
        for member in members:
            member._bring_strays()

    def _query_strangers(self, program_id, last_id, limit):
        # SQL: members whose pool is not that of their company. Where contacts do not
        # share, only those are looked at who are in a pool.
        program = self.env["loyalty.program"].browse(program_id)
        sharing = SQL("true") if program.pool_contacts else SQL("c.account_id > 0")
        return SQL(
            """
            SELECT c.id FROM loyalty_card c
            JOIN res_partner p ON p.id = c.partner_id
            JOIN res_partner k ON k.id = p.commercial_partner_id
            LEFT JOIN loyalty_pool o ON o.account_id = c.account_id
            WHERE c.program_id = %s AND c.active AND c.id > %s
                AND c.member_state = 'joined' AND %s
                AND (k.is_company AND c.account_id IS NULL
                     OR o.kind = 'company' AND o.partner_id <> k.id)
            ORDER BY c.id LIMIT %s
            """,
            program_id,
            last_id,
            sharing,
            limit,
        )
