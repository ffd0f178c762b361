from odoo import api, models


class LoyaltyMerge(models.Model):
    """The card that stays after a merge takes the place of the others in a pool."""

    _inherit = "loyalty.merge"

    @api.model
    def _merge_contacts(self, sources, target):
        """Let merged companies have one pool: Odoo could not give both one contact."""
        # sudo: the pools follow the contacts, whoever merges.
        self.env["loyalty.pool"].sudo()._merge_companies(sources, target)
        return super()._merge_contacts(sources, target)

    def _merge_cards(self, cards, partner):
        pool = next((card._get_pool() for card in cards if card.account_id), None)
        cards.pool_member_ids._decline()
        cards.pool_member_ids._leave()
        result = super()._merge_cards(cards, partner)
        if pool:
            kept = cards.filtered("active")
            pool.active = True
            if kept.member_state == "joined" and not kept.account_id:
                pool._add(kept, "backoffice")
            pool._choose_owner()
        return result


class LoyaltyPool(models.Model):
    _inherit = "loyalty.pool"

    def _merge_companies(self, sources, target):
        """Unite the pools of companies that become one.

        :param sources: the contacts that will be gone
        :param target: the contact that stays
        """
        contacts = sources | target
        # Whatever a context says: pools that ended are nobody's any more.
        domain = [("active", "=", True), ("partner_id", "in", contacts.ids)]
        pools = self.search(domain, order="id")
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

        Each lot moves in the name of whose doing it was. Locks both balances.
        """
        self.ensure_one()
        ledger = self.env["loyalty.ledger"]
        account = self.account_id
        ledger._lock_cards({account.id, other.account_id.id})
        other.member_ids._decline()
        parts = ledger._get_parts(other.account_id)
        ledger._move_points(parts, account, self, "unite", keeps_member=True)
        other._get_joined()._follow_into(self)
        other.heir_id = account
        (self | other)._choose_owner()


class LoyaltyPoolMember(models.Model):
    _inherit = "loyalty.pool.member"

    def _follow_into(self, pool):
        """End the time in this pool; it goes on in another one, with the points."""
        day = pool.program_id._get_local_date()
        self.write({"state": "left", "left_on": day})
        # The unique index shall see that the time in the other pool is over.
        self.flush_recordset(["state"])
        self.create(
            [
                {
                    "pool_id": pool.id,
                    "card_id": member.card_id.id,
                    "state": "joined",
                    "channel": member.channel,
                    "invited_on": day,
                    "joined_on": day,
                }
                for member in self
            ]
        )
        self.card_id.account_id = pool.account_id
