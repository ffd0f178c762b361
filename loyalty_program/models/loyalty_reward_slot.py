from odoo import api, fields, models
from odoo.tools import SQL


class LoyaltyRewardSlot(models.Model):
    """One piece of a reward of which there are so many: free, or taken by a claim.

    A claim locks a piece that nobody else holds, so that many at once never take more
    than there are, and none of them waits for another.
    """

    _name = "loyalty.reward.slot"
    _description = "Piece of a Limited Reward"
    _log_access = False

    reward_id = fields.Many2one(
        comodel_name="loyalty.reward",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    entry_id = fields.Many2one(
        comodel_name="loyalty.ledger.entry",
        string="Taken by",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _reward_idx = models.Index("(reward_id, id)")
    _free_idx = models.Index("(reward_id, id) WHERE entry_id IS NULL")

    @api.model
    def _take(self, reward, entry, number):
        """Take so many free pieces for an entry; return how many were to be had."""
        taken = len(self.env.execute_query(self._query_take(reward, entry, number)))
        if taken < number:
            # The search began somewhere in the middle: the rest is before that.
            rest = number - taken
            taken += len(
                self.env.execute_query(
                    self._query_take(reward, entry, rest, from_start=True)
                )
            )
        self.invalidate_model(["entry_id"])
        reward.invalidate_recordset(["limit_left"])
        return taken

    @api.model
    def _free(self, entries):
        """Give the pieces of these entries back."""
        # SQL: the pieces of an entry, in one statement.
        self.env.execute_query(
            SQL(
                """UPDATE loyalty_reward_slot SET entry_id = NULL
                   WHERE entry_id = ANY(%s) RETURNING id""",
                entries.ids,
            )
        )
        self.invalidate_model(["entry_id"])
        self.env["loyalty.reward"].invalidate_model(["limit_left"])

    @api.model
    def _count_free(self, rewards):
        """Return {reward id: number of free pieces}."""
        rows = self.env.execute_query(
            SQL(
                """SELECT reward_id, COUNT(*) FROM loyalty_reward_slot
                   WHERE reward_id = ANY(%s) AND entry_id IS NULL GROUP BY reward_id""",
                rewards.ids,
            )
        )
        return dict(rows)

    def _query_take(self, reward, entry, number, from_start=False):
        # SQL: what another claim holds at this moment is passed over. Each claim looks
        # from a place of its own on, so that few meet at the same piece.
        place = SQL(
            """(SELECT MIN(id) + FLOOR(RANDOM() * (MAX(id) - MIN(id) + 1))
                FROM loyalty_reward_slot WHERE reward_id = %s)""",
            reward.id,
        )
        return SQL(
            """
            UPDATE loyalty_reward_slot SET entry_id = %(entry)s
            WHERE id IN (
                SELECT id FROM loyalty_reward_slot
                WHERE reward_id = %(reward)s AND entry_id IS NULL AND id >= %(place)s
                ORDER BY id LIMIT %(number)s FOR UPDATE SKIP LOCKED)
            RETURNING id
            """,
            entry=entry.id,
            reward=reward.id,
            place=SQL("0") if from_start else place,
            number=number,
        )

    @api.model
    def _fit(self, reward):
        """Bring the pieces of a reward to their number; what is taken stays."""
        self.env.flush_all()
        total = reward.limit_total
        there = self.search_count([("reward_id", "=", reward.id)])
        if there < total:
            if not there:
                self.env.execute_query(self._query_note_claims(reward))
                there = self.search_count([("reward_id", "=", reward.id)])
            # SQL: a hundred thousand pieces do not pass through Python.
            self.env.execute_query(
                SQL(
                    """INSERT INTO loyalty_reward_slot (reward_id)
                       SELECT %s FROM generate_series(1, %s) RETURNING 1""",
                    reward.id,
                    max(total - there, 0),
                )
            )
        elif there > total:
            self.env.execute_query(
                SQL(
                    """DELETE FROM loyalty_reward_slot WHERE id IN (
                           SELECT id FROM loyalty_reward_slot
                           WHERE reward_id = %s AND entry_id IS NULL
                           ORDER BY id DESC LIMIT %s FOR UPDATE)
                       RETURNING id""",
                    reward.id,
                    there - total,
                )
            )
        self.invalidate_model()

    def _query_note_claims(self, reward):
        """Return the statement that notes what was claimed before there was a limit."""
        return SQL(
            """
            INSERT INTO loyalty_reward_slot (reward_id, entry_id)
            SELECT %(reward)s, claimed.id FROM (%(claims)s) claimed,
                generate_series(1, claimed.times)
            RETURNING id
            """,
            reward=reward.id,
            claims=reward._query_claims(SQL("e.program_id = %s", reward.program_id.id)),
        )
