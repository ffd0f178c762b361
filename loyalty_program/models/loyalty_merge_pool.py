from odoo import api, models


class LoyaltyMerge(models.Model):
    """The card that stays after a merge takes the place of the others in a pool."""

    _inherit = "loyalty.merge"

    @api.model
    def _merge_contacts(self, sources, target):
        """Let merged companies have one pool: Odoo could not give both one contact."""
        # sudo: the merge concerns every pool of the contacts, whoever merges.
        pools = self.env["loyalty.pool"].sudo()
        domain = [("active", "=", True), ("partner_id", "in", (sources | target).ids)]
        for same in pools.search(domain, order="id").grouped("program_id").values():
            kept = same.filtered(lambda pool: pool.partner_id == target) or same
            for pool in same - kept[:1]:
                pool._bring_into(kept[:1])
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

    def _bring_into(self, pool):
        """End this pool: its points and all who share them come into another one.

        Each member keeps the own points there. Locks both balances.
        """
        ledger = self.env["loyalty.ledger"]
        source, target = self.account_id, pool.account_id
        ledger._lock_cards({source.id, target.id})
        parts = ledger._get_parts(source)
        ledger._move_points(parts, target, self, f"into:{pool.id}", keeps_member=True)
        self.member_ids._decline()
        self._get_joined()._follow_into(pool)
        self._choose_owner()
        pool._choose_owner()


class LoyaltyPoolMember(models.Model):
    _inherit = "loyalty.pool.member"

    def _follow_into(self, pool):
        """End the time in this pool; it goes on in another one, with the points."""
        day = pool.program_id._get_local_date()
        self.write({"state": "left", "left_on": day})
        # The unique index shall see that the time in the other pool is over.
        self.flush_model(["state"])
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
