from dataclasses import replace

from odoo import fields, models
from odoo.tools import SQL


class LoyaltyPool(models.Model):
    """Pools that end: who takes over what is still to come, and pools that unite."""

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

    # === Uniting ===

    def _merge_companies(self, sources, target):
        """Unite the pools of companies that become one.

        :param sources: the contacts that will be gone
        :param target: the contact that stays
        """
        pools = self.search([("partner_id", "in", (sources | target).ids)], order="id")
        for own in pools.grouped("program_id").values():
            kept = own.filtered(lambda pool: pool.partner_id == target) or own[0]
            for pool in own - kept:
                kept._absorb(pool)
            # First the others end: a company has one pool.
            pools.flush_recordset(["active"])
            kept.partner_id = target
        pools.flush_recordset(["partner_id"])

    def _absorb(self, other):
        """Take in the members and the balance of another pool, which ends.

        Each lot moves in the name of whose doing it was.
        """
        self.ensure_one()
        ledger = self.env["loyalty.ledger"]
        accounts = self.account_id | other.account_id
        ledger._lock_cards(set(accounts.ids))
        joined = other._get_joined()
        cards = joined.card_id
        other.member_ids._decline()
        day = self.program_id._get_local_date()
        joined.write({"state": "left", "left_on": day})
        # The unique index shall see that the time in the other pool is over.
        joined.flush_recordset(["state"])
        ledger._post(self._prepare_absorbing(ledger, other), notify=False)
        cards.account_id = self.account_id
        joined.create(
            [
                {
                    "pool_id": self.id,
                    "card_id": member.card_id.id,
                    "state": "joined",
                    "channel": member.channel,
                    "joined_on": day,
                }
                for member in joined
            ]
        )
        other.heir_id = self.account_id
        (self | other)._choose_owner()

    def _prepare_absorbing(self, ledger, other):
        """Return the pairs of postings that move all lots of another pool here."""
        postings = []
        for lot, points in ledger._get_parts(other.account_id):
            for side, account, amount in (
                ("out", other.account_id, -points),
                ("in", self.account_id, points),
            ):
                posting = ledger._prepare_move(
                    lot,
                    lot.entry_id.member_card_id,
                    amount,
                    f"{self._name}:{self.id}:unite:{lot.id}:{side}",
                )
                postings.append(
                    replace(
                        posting, account_id=account.id, origin=(self._name, self.id)
                    )
                )
        return postings

    # === What comes later ===

    def _query_leftovers(self, program_id, last_id, limit):
        # SQL: ended pools whose account holds something all the same, as a purchase
        # at the same moment leaves it.
        return SQL(
            """
            SELECT p.id FROM loyalty_pool p
            WHERE p.program_id = %s AND NOT p.active AND p.heir_id IS NOT NULL
                AND p.id > %s
                AND EXISTS (SELECT FROM loyalty_lot l
                            WHERE l.card_id = p.account_id AND l.remaining <> 0)
            ORDER BY p.id LIMIT %s
            """,
            program_id,
            last_id,
            limit,
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
