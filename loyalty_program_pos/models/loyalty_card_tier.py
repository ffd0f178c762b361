from odoo import api, fields, models

from odoo.addons.loyalty_program.models.loyalty_card import CURRENT_STATES


class LoyaltyCard(models.Model):
    """Where a member stands, as the till works it on with the running sale."""

    _inherit = "loyalty.card"

    tier_figures = fields.Json(compute="_compute_tier_figures")

    @api.depends("tier_id", "entry_ids")
    @api.depends_context("lang")
    def _compute_tier_figures(self):
        """Bring ladder, amounts and words: the twin is ``tier_progress.js``."""
        facts = self._collect_tier_facts()
        for card in self:
            is_shown = (
                card.member_state in CURRENT_STATES
                and len(card.program_id.tier_ids) > 1
            )
            card.tier_figures = is_shown and card._read_tier_figures(facts[card])

    def _read_tier_figures(self, facts):
        # sudo: what the tiers take and give is told to every customer.
        card = self.sudo()
        program, tier = card.program_id, card.tier_id
        policy = program._get_tier_policy()
        hold = card.tier_change_ids.filtered(lambda move: move.cause == "manual")[:1]
        is_held = hold.is_locked and (
            not hold.until or hold.until >= program._get_local_date()
        )
        return {
            "joined": policy.joined,
            "levels": [
                {"tier": level.tier_id, "enter": [float(n) for n in level.enter]}
                for level in policy.levels
            ],
            "metrics": program._get_tier_metrics(),
            "amounts": facts["amounts"],
            "countsAtOnce": not program.hold_days,
            "hasVisited": facts["has_visited"],
            "isLocked": bool(is_held),
            "keep": self._describe_tier_keep(facts),
            "benefits": tier._list_benefits(),
        }
