from collections import defaultdict
from datetime import date
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..engine import tier_path
from ..engine.tier_path import ManualTier

#: Before any honest day.
EARLIEST = date(1900, 1, 1)

#: What a day of a member counts, by metric, from what a document came to.
METRIC_SQL = {
    "spend": SQL("SUM(spend)"),
    "points": SQL("SUM(points)"),
    "orders": SQL("COUNT(*) FILTER (WHERE spend > 0)"),
    "visits": SQL("(COUNT(*) FILTER (WHERE spend > 0) > 0)::int"),
    "events": SQL(
        "COUNT(*) FILTER (WHERE origin_model = 'loyalty.event' AND points > 0)"
    ),
}

#: Entries as they are, where sums alone count.
PLAIN = SQL("e.base_amount AS spend, e.points")

#: Entries summed by document, where documents are counted.
SUMMED = SQL("e.origin_model, SUM(e.base_amount) AS spend, SUM(e.points) AS points")
BY_DOCUMENT = SQL(
    """GROUP BY o.id, e.tier_date, e.origin_model, e.origin_id,
        CASE WHEN e.origin_id IS NULL THEN COALESCE(e.reverses_id, e.id) END"""
)


class LoyaltyProgram(models.Model):
    """The dated facts that a tier follows, out of the ledger."""

    _inherit = "loyalty.program"

    def _get_tier_metrics(self):
        return [metric for metric in (self.tier_metric, self.tier_metric_2) if metric]

    def _has_plain_metrics(self):
        """Tell whether only sums of entries count, not how many documents there are."""
        return set(self._get_tier_metrics()) <= {"spend", "points"}

    def _get_tier_facts(self, cards, first=None):
        """Return {card id: [(day, amounts)]}, net of what was taken back.

        :param date first: leave out what lies before
        """
        self.ensure_one()
        facts = defaultdict(list)
        if cards.ids:
            texts = SQL(", ").join(
                SQL("%s::text", SQL.identifier(f"metric_{number}"))
                for number, _metric in enumerate(self._get_tier_metrics(), 1)
            )
            query = SQL(
                "WITH %s SELECT id, tier_date, %s FROM day",
                self._sql_tier_days(SQL("k.id = ANY(%s)", cards.ids), first),
                texts,
            )
            for card_id, day, *amounts in self.env.execute_query(query):
                facts[card_id].append((day, tuple(map(Decimal, amounts))))
        return facts

    def _sql_tier_days(self, wanted, first=None, everybody=False):
        """Return the steps that end in ``day``: card, day and its amounts.

        :param SQL wanted: condition on the cards ``k``
        :param bool everybody: the condition holds for most members
        """
        # SQL: entries are inserted by SQL only, nothing of them waits for a flush. What
        # was bought on a card of the same customer that was merged counts as well. A
        # reversal lies on the day of what it reverses, so the two cancel out. The cards
        # come first and once, and of a part of the members only their own entries are
        # read (OFFSET 0): a planner that doubts reads the whole ledger for each batch.
        metrics = self._get_tier_metrics()
        is_plain = self._has_plain_metrics()
        return SQL(
            """
            owned AS MATERIALIZED (
                SELECT k.id, k.id AS member_id FROM loyalty_card k
                WHERE %(wanted)s AND k.program_id = %(program)s
                UNION ALL
                SELECT k.id, c.id FROM loyalty_card k CROSS JOIN LATERAL (
                    SELECT id FROM loyalty_card
                    WHERE partner_id = k.partner_id AND program_id = k.program_id
                        AND NOT active AND id <> k.id %(own)s
                ) c
                WHERE %(wanted)s AND k.program_id = %(program)s
            ), document AS (
                SELECT o.id, e.tier_date, %(document)s
                FROM owned o CROSS JOIN LATERAL (
                    SELECT * FROM loyalty_ledger_entry
                    WHERE member_card_id = o.member_id AND tier_date >= %(first)s
                        AND available_on <= %(today)s %(own)s
                ) e
                %(grouping)s
            ), day AS (
                SELECT id, tier_date, %(one)s AS metric_1, %(two)s AS metric_2,
                    SUM(spend) AS money, SUM(points) AS earned
                FROM document GROUP BY id, tier_date
            )""",
            wanted=wanted,
            program=self.id,
            own=SQL() if everybody else SQL("OFFSET 0"),
            first=first or EARLIEST,
            today=self._get_local_date(),
            document=PLAIN if is_plain else SUMMED,
            grouping=SQL() if is_plain else BY_DOCUMENT,
            one=METRIC_SQL[metrics[0]],
            two=METRIC_SQL[metrics[1]] if len(metrics) > 1 else SQL("0"),
        )

    def _get_tier_firsts(self, cards, today):
        """Return {card id: first day that counts today, None without one}."""
        policy = self._get_tier_policy()
        return {
            card.id: tier_path.window_first(policy, today, card.joined_on or today)
            for card in cards
        }

    def _get_ceiling_question(self, cards, today):
        """Return what ``loyalty_tier_ceiling`` is asked about the cards.

        :rtype: (ids of the cards, the first day that counts for each, today)
        """
        firsts = self._get_tier_firsts(cards, today)
        return list(firsts), list(firsts.values()), today

    def _get_tier_ceilings(self, cards):
        """Return {card id: the most that the amounts of today can be}.

        Sums are exact; of what is counted, there cannot be more than entries. Nearly
        every posting is far from the next tier, and this statement is planned once.
        """
        self.ensure_one()
        if not cards:
            return {}
        question = self._get_ceiling_question(cards, self._get_local_date())
        query = SQL("SELECT * FROM loyalty_tier_ceiling(%s, %s::date[], %s)", *question)
        return self._read_ceilings(self.env.execute_query(query))

    def _read_ceilings(self, rows):
        """Return {card id: the most that the amounts can be}, by the metrics.

        :param rows: (card id, money and points as text, how many entries)
        """
        metrics = self._get_tier_metrics() if rows else ()
        ceilings = {}
        for card_id, spend, points, entries in rows:
            sums = {"spend": spend, "points": points}
            ceilings[card_id] = tuple(Decimal(sums.get(m, entries)) for m in metrics)
        return ceilings

    def _get_tier_amounts(self, cards):
        """Return {card id: amounts} of what counts for the tier today."""
        self.ensure_one()
        firsts = self._get_tier_firsts(cards, self._get_local_date())
        known = [first for first in firsts.values() if first]
        facts = self._get_tier_facts(
            cards, min(known) if len(known) == len(firsts) and known else None
        )
        zero = (Decimal(0),) * len(self._get_tier_metrics())
        amounts = {}
        for card_id, first in firsts.items():
            counting = [
                values for day, values in facts[card_id] if not first or day >= first
            ]
            amounts[card_id] = tuple(map(sum, zip(zero, *counting, strict=True)))
        return amounts

    def _replay_tiers(self, cards):
        """Return {card: Standing} of today, from all facts that there are."""
        self.ensure_one()
        policy, today = self._get_tier_policy(), self._get_local_date()
        facts = self._get_tier_facts(cards)
        given = self._get_manual_tiers(cards)
        return {
            card: tier_path.replay(
                policy,
                min(card.joined_on or today, today),
                facts[card.id],
                today,
                given.get(card.id, ()),
            )
            for card in cards
        }

    def _get_manual_tiers(self, cards):
        """Return {card id: ManualTiers in the order they were given}."""
        # sudo: the trail of the moves belongs to the suite.
        rows = (
            self.env["loyalty.tier.change"]
            .sudo()
            .search(
                [("card_id", "in", cards.ids), ("cause", "in", ("manual", "rules"))],
                order="id",
            )
        )
        return {
            card.id: [
                ManualTier(
                    day=row.changed_on,
                    tier_id=row.to_tier_id.id or None,
                    until=row.until or None,
                    locked=row.is_locked,
                )
                for row in changes
            ]
            for card, changes in rows.grouped("card_id").items()
        }
