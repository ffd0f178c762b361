from odoo import fields, models

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
