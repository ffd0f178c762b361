from odoo import models
from odoo.tools import SQL

from .loyalty_gift import BATCH


class LoyaltyProgram(models.Model):
    """Entry gifts that nobody got on the day: the night gives them.

    A member who was frozen when the tier was reached is the common case. The key names
    the move, so that nothing is given twice, whichever way was faster.
    """

    _inherit = "loyalty.program"

    def _run_gifts(self):
        yield from super()._run_gifts()
        for benefit in self.tier_ids.benefit_ids.filtered(
            lambda benefit: benefit.kind == "entry_gift"
        ):
            yield from self._run_late_gift(benefit)

    def _run_late_gift(self, benefit):
        """Yield after each batch of members whom the tier still owes its gift."""
        tier = benefit.tier_id

        def give(cards):
            keys = self._name_late_gifts(benefit, cards)
            self.env["loyalty.gift"]._give(
                cards, "tier_entry", benefit._get_gift(), keys=keys, tier=tier
            )

        def query(after):
            return self._query_late_gift(benefit, after)

        yield from self._run_gift(query, give)

    def _name_late_gifts(self, benefit, cards):
        """Return {card id: key of the gift}, by the year in which the tier came."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT card_id, EXTRACT(year FROM MAX(changed_on))::int
                FROM loyalty_tier_change
                WHERE card_id = ANY(%s) AND to_tier_id = %s
                    AND from_tier_id IS DISTINCT FROM to_tier_id
                GROUP BY card_id
                """,
                cards.ids,
                benefit.tier_id.id,
            )
        )
        return {
            card_id: benefit._get_entry_key(card_id, year) for card_id, year in rows
        }

    def _query_late_gift(self, benefit, after):
        # SQL: the members whose last way into the tier led up, since there is the
        # gift, and who have none for it. Another worker's members are left to it.
        return SQL(
            """
            SELECT c.id FROM loyalty_card c
            CROSS JOIN LATERAL (
                SELECT m.* FROM loyalty_tier_change m
                WHERE m.card_id = c.id AND m.to_tier_id = c.tier_id
                    AND m.from_tier_id IS DISTINCT FROM m.to_tier_id
                ORDER BY m.id DESC LIMIT 1
            ) t
            LEFT JOIN loyalty_tier below ON below.id = t.from_tier_id
            WHERE c.program_id = %(program)s AND c.tier_id = %(tier)s
                AND c.member_state = 'joined' AND c.id > %(after)s
                AND t.create_date >= %(since)s
                AND COALESCE(below.threshold, -1) < %(threshold)s
                AND (%(by_hand)s OR t.cause <> 'manual')
                AND NOT EXISTS (
                    SELECT FROM loyalty_gift g
                    WHERE g.key = %(key)s || c.id || CASE WHEN %(yearly)s
                        THEN ':' || EXTRACT(year FROM t.changed_on)::int ELSE '' END)
            ORDER BY c.id LIMIT %(batch)s
            FOR NO KEY UPDATE OF c SKIP LOCKED
            """,
            program=self.id,
            tier=benefit.tier_id.id,
            after=after,
            since=benefit.create_date,
            threshold=benefit.tier_id.threshold,
            by_hand=benefit.gift_by_hand,
            key=f"entry:{benefit.tier_id.id}:",
            yearly=benefit.gift_again == "year",
            batch=BATCH,
        )
