from odoo import fields, models
from odoo.tools import SQL

from .loyalty_card import CURRENT_STATES
from .sql_files import run_sql_file

#: Members of one chunk of a recheck: large enough to be cheap, small enough to share.
CHUNK = 5000


class LoyaltyTierRecheck(models.Model):
    """Members who are still to be looked at after the rules of tiers changed.

    A chunk is taken and deleted by one worker in the transaction that does its work:
    what a crash left is still here, and nobody does it twice.
    """

    _name = "loyalty.tier.recheck"
    _description = "Tiers to Look At"
    _log_access = False

    program_id = fields.Many2one(
        comodel_name="loyalty.program",
        required=True,
        index=True,
        ondelete="cascade",
    )
    first_card_id = fields.Integer(required=True)
    last_card_id = fields.Integer(required=True)

    def init(self):
        """Make the function that replays tiers, at every update."""
        run_sql_file(self.env.cr, "tier_replay")


class LoyaltyProgram(models.Model):
    """Tiers of many members: the database replays them all, Python moves the few."""

    _inherit = "loyalty.program"

    def _requalify_members(self, batch):
        """Yield after each batch of members whose tier was looked at anew.

        Only those are due whose period has ended, and everybody once after a change of
        the rules. Several workers share the work.
        """
        self.ensure_one()
        if not self.tier_ids:
            return
        if self.tier_recheck:
            self._spread_recheck()
            yield self.env["loyalty.card"]
        ledger, left_out = self.env["loyalty.ledger"], self.env["loyalty.card"]
        self.env.flush_all()
        while rows := self.env.execute_query(self._query_take_chunk()):
            found = [row[0] for row in rows if row[0]]
            movers, failed = ledger._requalify_apart(self, found, True)
            left_out |= failed
            yield movers
        while rows := self.env.execute_query(
            self._query_due_members(batch, left_out.ids)
        ):
            movers, failed = ledger._requalify_apart(self, [row[0] for row in rows])
            left_out |= failed
            # What the rules of now never decide again is not due any more.
            self.env.flush_all()
            yield movers

    def _requalify(self, card_ids, is_recheck=False):
        """Give each member the tier that the ledger says, up or down.

        :param card_ids: ids of members of this programme
        :param bool is_recheck: the rules changed; nobody falls before the period ends
        :return: those who moved
        """
        cards = self.env["loyalty.card"]
        if not card_ids or not self._get_tier_policy().levels:
            return cards
        cards.flush_model()
        self.env["loyalty.tier.change"].flush_model()
        self.env["loyalty.paid.membership"].flush_model()
        rows = self.env.execute_query(self._query_settle_tiers(card_ids))
        cards.invalidate_model(["tier_review_on"])
        self._make_moves(sorted(rows), is_recheck)
        return cards.browse(sorted(row[0] for row in rows))

    # === Who is to be looked at ===

    def _spread_recheck(self):
        """Cut the members into chunks, for whichever workers come."""
        self.env.flush_all()
        # SQL: one statement for a million members; the first worker's mark decides.
        self.env.execute_query(
            SQL(
                """
                WITH stale AS (
                    UPDATE loyalty_program SET tier_recheck = FALSE
                    WHERE id = %(program)s AND tier_recheck RETURNING id
                )
                INSERT INTO loyalty_tier_recheck (
                    program_id, first_card_id, last_card_id)
                SELECT %(program)s, MIN(id), MAX(id)
                FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / %(chunk)s AS n
                      FROM loyalty_card
                      WHERE program_id = %(program)s AND member_state = ANY(%(states)s)
                        AND EXISTS (SELECT FROM stale)) numbered
                GROUP BY n
                RETURNING id
                """,
                program=self.id,
                chunk=CHUNK,
                states=list(CURRENT_STATES),
            )
        )
        self.invalidate_recordset(["tier_recheck"])

    def _query_take_chunk(self):
        # SQL: what another worker looks at is left to it. One row without a card tells
        # that the chunk held nobody any more.
        return SQL(
            """
            WITH chunk AS (
                DELETE FROM loyalty_tier_recheck WHERE id = (
                    SELECT id FROM loyalty_tier_recheck WHERE program_id = %(program)s
                    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
                RETURNING first_card_id, last_card_id
            ), taken AS (
                SELECT c.id FROM loyalty_card c, chunk k
                WHERE c.id BETWEEN k.first_card_id AND k.last_card_id
                    AND c.program_id = %(program)s AND c.member_state = ANY(%(states)s)
                ORDER BY c.id FOR NO KEY UPDATE OF c
            )
            SELECT t.id FROM chunk LEFT JOIN taken t ON true
            """,
            program=self.id,
            states=list(CURRENT_STATES),
        )

    def _query_due_members(self, batch, left_out):
        # SQL: what another worker looks at is left to it. Neighbours come together:
        # their cards and entries mostly lie together too.
        return SQL(
            """
            SELECT id FROM loyalty_card
            WHERE program_id = %s AND tier_review_on < %s
                AND member_state = ANY(%s) AND id <> ALL(%s)
            ORDER BY tier_review_on, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
            """,
            self.id,
            self._get_local_date(),
            list(CURRENT_STATES),
            left_out,
            batch,
        )

    # === Where they stand ===

    def _query_settle_tiers(self, card_ids):
        # SQL: whose tier stays gets the day of the next review and nothing else; where
        # the others stand comes back.
        return SQL(
            """
            WITH %(standing)s, settled AS (
                UPDATE loyalty_card c SET tier_review_on = s.review_on
                FROM standing s
                WHERE c.id = s.id AND s.tier_id IS NOT DISTINCT FROM s.held_id
                    AND c.tier_review_on IS DISTINCT FROM s.review_on
            )
            SELECT id, tier_id, review_on, is_by_hand, is_paid, amount_1, amount_2
            FROM standing WHERE tier_id IS DISTINCT FROM held_id
            """,
            standing=self._sql_tier_standings(SQL("k.id = ANY(%s)", card_ids)),
        )

    def _sql_tier_standings(self, wanted):
        """Return the steps that end in ``standing``: where each card stands today.

        :param SQL wanted: condition on the cards ``k``
        """
        policy = self._get_tier_policy()
        levels = SQL("%s::int[]", [level.tier_id for level in policy.levels])
        return SQL(
            """
            member AS MATERIALIZED (
                SELECT k.id, k.tier_id, k.partner_id,
                    LEAST(COALESCE(k.joined_on, %(today)s), %(today)s) AS joined
                FROM loyalty_card k WHERE %(wanted)s AND k.program_id = %(program)s
            ), %(days)s, total AS (
                SELECT id, tier_date, SUM(metric_1) OVER w AS sum_1,
                    SUM(metric_2) OVER w AS sum_2
                FROM day WINDOW w AS (PARTITION BY id ORDER BY tier_date)
            ), fact AS (
                SELECT id, array_agg(tier_date ORDER BY tier_date) AS days,
                    array_agg(sum_1 ORDER BY tier_date) AS sums_1,
                    array_agg(sum_2 ORDER BY tier_date) AS sums_2
                FROM total GROUP BY id
            ), %(given)s, earned AS (
                SELECT m.id, m.tier_id AS held_id, s.*
                FROM member m
                LEFT JOIN fact f ON f.id = m.id
                LEFT JOIN given g ON g.id = m.id
                CROSS JOIN LATERAL loyalty_tier_replay(%(policy)s,
                    m.joined, %(today)s, f.days, f.sums_1, f.sums_2,
                    g.days, g.levels, g.untils, g.locks) s
            ), %(paid)s, standing AS (
                SELECT e.id, e.held_id, p.id IS NOT NULL AS is_paid,
                    e.is_by_hand AND p.id IS NULL AS is_by_hand,
                    (%(levels)s)[COALESCE(p.level, e.level)] AS tier_id,
                    COALESCE(p.first, e.since) AS since,
                    COALESCE(p.last, e.review_on) AS review_on, e.amount_1, e.amount_2
                FROM earned e LEFT JOIN paid p ON p.id = e.id AND p.level > e.level
            )""",
            wanted=wanted,
            program=self.id,
            today=SQL("%s::date", self._get_local_date()),
            days=self._sql_tier_days(wanted),
            given=self._sql_given_tiers(levels),
            levels=levels,
            policy=self._sql_tier_policy(),
            paid=self._sql_paid_tiers(levels),
        )

    def _sql_given_tiers(self, levels):
        return SQL(
            """
            given AS (
                SELECT h.id, array_agg(h.day ORDER BY h.day, h.number) AS days,
                    array_agg(h.level ORDER BY h.day, h.number) AS levels,
                    array_agg(h.until ORDER BY h.day, h.number) AS untils,
                    array_agg(h.is_locked ORDER BY h.day, h.number) AS locks
                FROM (
                    SELECT m.id, c.id AS number, c.until,
                        GREATEST(c.changed_on, m.joined) AS day,
                        COALESCE(c.is_locked, FALSE) AS is_locked,
                        COALESCE(array_position(%s, c.to_tier_id), 0) AS level
                    FROM member m JOIN loyalty_tier_change c ON c.card_id = m.id
                    WHERE c.cause IN ('manual', 'rules')
                ) h GROUP BY h.id
            )""",
            levels,
        )

    def _sql_tier_policy(self):
        """Return the rules as the arguments of ``loyalty_tier_replay``."""
        policy = self._get_tier_policy()

        def column(kind, metric):
            numbers = [
                str((*getattr(level, kind), 0)[metric]) for level in policy.levels
            ]
            return SQL("%s::numeric[]", numbers)

        return SQL(
            "%s, %s, %s, %s, %s, %s, %s, %s, %s",
            policy.window,
            policy.months,
            bool(self.tier_metric_2) and policy.joined == "any",
            policy.one_step,
            policy.grace_days,
            column("enter", 0),
            column("enter", 1),
            column("keep", 0),
            column("keep", 1),
        )
