from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date

from ..engine.tier_progress import NextStep, next_step
from .loyalty_card import CURRENT_STATES


class LoyaltyCard(models.Model):
    """The member's place on the ladder of the programme."""

    _inherit = "loyalty.card"

    tier_review_on = fields.Date(
        string="Tier decided on",
        help="Last day of the period that decides whether the tier is kept.",
        readonly=True,
        copy=False,
    )
    next_tier_id = fields.Many2one(
        comodel_name="loyalty.tier",
        compute="_compute_tier_progress",
    )
    tier_missing = fields.Char(
        string="Missing for the next tier",
        compute="_compute_tier_progress",
    )
    tier_ratio = fields.Float(
        string="Progress",
        help="Progress towards the next tier, in percent.",
        compute="_compute_tier_progress",
    )
    tier_keep_missing = fields.Char(
        string="Missing to keep the tier",
        compute="_compute_tier_progress",
    )

    _tier_review_index = models.Index(
        "(program_id, tier_review_on, id) WHERE tier_review_on IS NOT NULL"
    )
    # Each posting asks whether its member has cards that were merged; there are few.
    _merged_index = models.Index("(partner_id, program_id) WHERE NOT active")

    @api.depends_context("lang")
    @api.depends("tier_id", "entry_ids")
    def _compute_tier_progress(self):
        facts = self._collect_tier_facts()
        for card in self:
            told = facts[card]
            card.next_tier_id = told["next_tier"]
            # sudo: what a tier takes is told to every customer.
            tier = told["next_tier"].sudo()
            card.tier_missing = (
                tier._describe_amount(told["metric"], told["missing"])
                if tier
                else False
            )
            card.tier_ratio = told["ratio"] * 100
            card.tier_keep_missing = card._describe_tier_missing(told)

    def _get_tier_facts(self):
        """Return where the member stands, see :meth:`_collect_tier_facts`."""
        self.ensure_one()
        return self._collect_tier_facts()[self]

    def _collect_tier_facts(self):
        """Return {card: dict of value, next tier, missing, ratio 0..1, ...}.

        Where two numbers count, the one that is farther from its threshold is told if
        both must be reached, the nearer one if either will do. ``keep_until`` is the
        day that decides about the tier, ``keep_amounts`` what is missing until then.
        """
        facts = {}
        # sudo: the sum of the member's entries is the member's own fact, whoever looks.
        for program, cards in self.sudo().grouped("program_id").items():
            stored = cards.filtered("id") if program.tier_ids else cards.browse()
            standings = program._replay_tiers(stored) if stored.ids else {}
            for card in cards:
                own = card.with_env(self.env)
                standing = standings.get(card)
                facts[own] = own._read_tier_facts(program, standing)
        return facts

    def _read_tier_facts(self, program, standing):
        zero = (Decimal(0),) * len(program._get_tier_metrics())
        held = standing.tier_id if standing else None
        amounts = standing.amounts if standing else zero
        step = NextStep(None)
        if standing:
            step = next_step(program._get_tier_policy(), held, amounts)
        missing = standing.missing if standing else zero
        return {
            "metric": program._get_tier_metrics()[step.index],
            "value": float(amounts[step.index]),
            "amounts": [float(amount) for amount in amounts],
            "next_tier": self.env["loyalty.tier"].browse(step.tier_id),
            "threshold": float(step.threshold),
            "missing": float(step.missing),
            "ratio": float(step.ratio),
            "keep_until": (standing and standing.review_on) or False,
            "keep_missing": float(max(missing)),
            "keep_amounts": [float(amount) for amount in missing],
            "has_visited": bool(standing)
            and standing.last_day == program._get_local_date(),
        }

    def _describe_tier_missing(self, facts):
        """Return what is missing to keep the tier, such as "2 orders", or "".

        :param dict facts: see :meth:`_collect_tier_facts`
        """
        amounts = [amount or None for amount in facts["keep_amounts"]]
        # sudo: what a tier takes is told to every customer.
        return self.sudo().tier_id._describe_amounts(amounts) if self.tier_id else ""

    def _describe_tier_keep(self, facts):
        """Return what keeps the tier and by when, or False if nothing is missing."""
        missing = self._describe_tier_missing(facts)
        if not missing or not facts["keep_until"]:
            return False
        return self.env._(
            "To stay in %(tier)s: %(amounts)s by %(day)s.",
            # sudo: see above.
            tier=self.sudo().tier_id.name,
            amounts=missing,
            day=format_date(self.env, facts["keep_until"]),
        )

    def _refresh_tiers(self, allow_down=False):
        """Give each member the tier that the ledger says.

        :param bool allow_down: whether a tier may be lost now
        """
        members = self.filtered(lambda card: card.member_state in CURRENT_STATES)
        for program in members.program_id:
            cards = members.filtered(lambda card, p=program: card.program_id == p)
            program._move_tiers(cards, allow_down)

    def _prepare_tier_change(self, tier, amounts, today):
        """Return the row that tells of a move to ``tier``.

        :param amounts: the numbers that count today
        """
        self.ensure_one()
        if not self.tier_id and not self.tier_change_ids:
            cause = "joined"
        else:
            cause = "up" if tier.threshold > self.tier_id.threshold else "down"
        if not tier:
            cause = "down"
        is_lost = cause == "down"
        return {
            "card_id": self.id,
            "from_tier_id": self.tier_id.id,
            "to_tier_id": tier.id,
            "cause": cause,
            "rule": self.program_id._describe_tier_rule(
                self.tier_id if is_lost else tier, is_lost
            ),
            "metric_value": float(amounts[0]),
            "metric_value_2": float(amounts[1]),
            "changed_on": today,
        }
