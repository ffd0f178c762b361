from odoo import models

#: Moves that the page shows, the newest first.
MOVES = 20


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _get_portal_tier(self):
        """Return what the member's page tells about the tier, see the template."""
        self.ensure_one()
        # sudo: customers cannot read programmes and tiers; all of this is told to them.
        card = self.sudo()
        tiers = card.program_id.tier_ids.sorted("threshold")
        facts = card._get_tier_facts()
        return {
            "progress": card._get_tier_progress(),
            "keep_words": card._list_keep_words(facts),
            "benefits": card.tier_id._list_benefits(),
            "next_tier": facts["next_tier"],
            "next_benefits": facts["next_tier"]._list_benefits(),
            "entitlements": card._get_entitlements(),
            "rules": [
                {
                    "tier": tier,
                    "words": list(
                        filter(None, [tier._describe(), tier._describe_keep()])
                    ),
                    "benefits": tier._list_benefits(),
                }
                for tier in tiers
            ],
            "move_words": card.program_id._list_move_words(),
            "moves": [
                change._get_portal_values() for change in card.tier_change_ids[:MOVES]
            ],
        }

    def _list_keep_words(self, facts):
        """Return what is missing to keep the tier, one amount for each number."""
        program = self.program_id
        return [
            self.tier_id._describe_amount(metric, amount)
            for metric, amount in zip(
                program._get_tier_metrics(), facts["keep_amounts"], strict=True
            )
            if amount
        ]


class LoyaltyTierChange(models.Model):
    _inherit = "loyalty.tier.change"

    def _get_portal_values(self):
        """Return one move as the member reads it: day, tier and why."""
        self.ensure_one()
        causes = {
            "joined": self.env._("joined"),
            "up": self.env._("reached"),
            "down": self.env._("not kept"),
            "manual": self.env._("given by us"),
            "rules": self.env._("kept, although our rules changed"),
            "paid": self.env._("paid for"),
        }
        return {
            "day": self.changed_on,
            "tier": self.to_tier_id,
            "cause": causes[self.cause],
            "is_down": self.cause == "down",
            "until": self.until,
        }
