from decimal import Decimal

from odoo import api, fields, models

from ..engine import tier_path
from .loyalty_card import CURRENT_STATES
from .loyalty_program_tier import RECHECK


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
    tier_missing = fields.Float(
        string="Missing for the next tier",
        compute="_compute_tier_progress",
        digits=(16, 2),
    )
    tier_ratio = fields.Float(
        string="Progress",
        help="Progress towards the next tier, in percent.",
        compute="_compute_tier_progress",
    )
    tier_keep_missing = fields.Float(
        string="Missing to keep the tier",
        compute="_compute_tier_progress",
        digits=(16, 2),
    )

    _tier_review_index = models.Index(
        "(program_id, tier_review_on) WHERE tier_review_on IS NOT NULL"
    )

    @api.depends("tier_id", "entry_ids")
    def _compute_tier_progress(self):
        for card in self:
            facts = card._get_tier_facts()
            card.next_tier_id = facts["next_tier"]
            card.tier_missing = facts["missing"]
            card.tier_ratio = facts["ratio"] * 100
            card.tier_keep_missing = facts["keep_missing"]

    def _get_tier_facts(self):
        """Return where the member stands: value, next tier, missing, ratio 0..1.

        Where two numbers count, the one that is farther from its threshold is told if
        both must be reached, the nearer one if either will do.
        """
        self.ensure_one()
        # sudo: the sum of the member's entries is the member's own fact, whoever looks.
        program = self.program_id.sudo()
        if not program.tier_ids or not self.ids:
            tier = self.env["loyalty.tier"]
            return {
                "metric": program.tier_metric,
                "value": 0.0,
                "next_tier": tier,
                "threshold": 0.0,
                "missing": 0.0,
                "ratio": 1.0,
                "keep_until": False,
                "keep_missing": 0.0,
            }
        standing = program._replay_tiers(self)[self]
        zero = Decimal(0)
        amounts = tuple(max(amount, zero) for amount in standing.amounts)
        tier, level = self._get_next_level(program, standing)
        index, ratio = self._choose_metric(program, amounts, level)
        wanted = level.enter[index] if level else amounts[index]
        return {
            "metric": program.tier_metric_2 if index else program.tier_metric,
            "value": float(amounts[index]),
            "next_tier": tier,
            "threshold": float(level.enter[index]) if level else 0.0,
            "missing": float(max(wanted - amounts[index], zero)),
            "ratio": float(ratio),
            "keep_until": standing.review_on or False,
            "keep_missing": float(max(standing.missing, default=zero)),
        }

    def _get_next_level(self, program, standing):
        """Return (tier, TierLevel) of the next level not yet reached, or empties."""
        policy = program._get_tier_policy()
        held = [level.tier_id for level in policy.levels]
        rank = held.index(standing.tier_id) if standing.tier_id in held else -1
        for position, level in enumerate(policy.levels):
            if position > rank and not tier_path.reached(
                policy, standing.amounts, level.enter
            ):
                return self.env["loyalty.tier"].browse(level.tier_id), level
        return self.env["loyalty.tier"], None

    def _choose_metric(self, program, amounts, level):
        """Return (index of the metric to tell about, ratio towards the level)."""
        if level is None:
            return 0, Decimal(1)
        ratios = [
            min(amount / wanted, Decimal(1)) if wanted else Decimal(1)
            for amount, wanted in zip(amounts, level.enter, strict=True)
        ]
        choose = max if program.tier_join == "any" else min
        index = ratios.index(choose(ratios))
        return index, ratios[index]

    def _get_tier_progress(self):
        """Return the same facts as plain values, for portal, till and templates."""
        facts = self._get_tier_facts()
        program = self.program_id
        rolling = program.tier_window == "rolling"
        return {
            **facts,
            "tier": self.tier_id.name or False,
            "next_tier": facts["next_tier"].name or False,
            "window": program.tier_window,
            "window_months": program.tier_window_months if rolling else 0,
        }

    def _refresh_tiers(self, allow_down=False):
        """Give each member the tier that the ledger says.

        :param bool allow_down: whether a tier may be lost now
        """
        members = self.filtered(lambda card: card.member_state in CURRENT_STATES)
        for program in members.program_id:
            cards = members.filtered(lambda card, p=program: card.program_id == p)
            program._move_tiers(cards, allow_down)

    def _is_rechecked(self):
        """Tell whether the member is looked at because the rules changed."""
        return self.tier_review_on == RECHECK

    def _prepare_tier_change(self, tier, standing, today):
        self.ensure_one()
        if standing.paid_until:
            cause = "paid"
        elif not self.tier_id and not self.tier_change_ids:
            cause = "joined"
        elif standing.moves and standing.moves[-1].cause == "manual":
            cause = "manual"
        else:
            cause = "up" if tier.threshold > self.tier_id.threshold else "down"
        if not tier:
            cause = "down"
        amounts = [float(amount) for amount in standing.amounts]
        return {
            "card_id": self.id,
            "from_tier_id": self.tier_id.id,
            "to_tier_id": tier.id,
            "cause": cause,
            "metric_value": amounts[0],
            "metric_value_2": amounts[1] if len(amounts) > 1 else 0.0,
            "changed_on": today,
        }
