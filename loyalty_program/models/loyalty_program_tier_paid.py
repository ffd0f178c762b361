from odoo import fields, models
from odoo.tools import SQL

from ..engine.paid_terms import lift


class LoyaltyProgram(models.Model):
    """Tiers that are paid for lie above those that are earned."""

    _inherit = "loyalty.program"

    paid_reminder_days = fields.Integer(
        string="Reminder of a paid membership (days)",
        help="So many days before a paid membership ends its member gets a mail. "
        "0: no mail.",
        default=30,
    )

    _paid_reminder_sane = models.Constraint(
        "CHECK (paid_reminder_days BETWEEN 0 AND 366)",
        "A reminder goes out up to 366 days before the end.",
    )

    def _replay_tiers(self, cards):
        standings = super()._replay_tiers(cards)
        terms = self._get_paid_terms(cards)
        if not terms:
            return standings
        policy, today = self._get_tier_policy(), self._get_local_date()
        return {
            card: lift(standing, policy, terms.get(card.partner_id.id, ()), today)
            for card, standing in standings.items()
        }

    def _sql_paid_tiers(self, levels):
        """Return the steps that end in ``paid``: level and last day of who pays today.

        The twin of ``engine.paid_terms.lift``: terms of one tier without a gap are one.

        :param SQL levels: ids of the tiers, the lowest first
        """
        return SQL(
            """
            term AS (
                SELECT m.id, array_position(%(levels)s, p.tier_id) AS level,
                    p.starts_on, p.ends_on,
                    p.starts_on > 1 + MAX(p.ends_on) OVER (
                        PARTITION BY m.id, p.tier_id ORDER BY p.starts_on
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS is_new
                FROM member m
                JOIN loyalty_paid_membership p ON p.partner_id = m.partner_id
                WHERE p.program_id = %(program)s AND p.ends_on >= p.starts_on
            ), numbered AS (
                SELECT term.*, COUNT(*) FILTER (WHERE is_new) OVER (
                    PARTITION BY id, level ORDER BY starts_on) AS number
                FROM term
            ), run AS (
                SELECT id, level, MIN(starts_on) AS first, MAX(ends_on) AS last
                FROM numbered GROUP BY id, level, number
            ), paid AS (
                SELECT DISTINCT ON (id) id, level, first, last FROM run
                WHERE %(today)s BETWEEN first AND last
                ORDER BY id, level DESC, last DESC
            )""",
            levels=levels,
            program=self.id,
            today=self._get_local_date(),
        )

    def _get_paid_terms(self, cards):
        """Return {customer id: PaidTerms}, what was cancelled up to its last day."""
        # sudo: what was paid for decides about the tier, whoever asks.
        terms = (
            self.env["loyalty.paid.membership"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", cards.partner_id.ids),
                    ("program_id", "=", self.id),
                    ("starts_on", "!=", False),
                ]
            )
        )
        return {
            partner.id: [
                term._get_term() for term in own if term.ends_on >= term.starts_on
            ]
            for partner, own in terms.grouped("partner_id").items()
        }
