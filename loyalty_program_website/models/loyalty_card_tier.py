from odoo import models
from odoo.tools import format_date

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
            "progress": card._get_portal_progress(facts),
            "since": card.tier_since
            and self.env._("since %(day)s", day=format_date(self.env, card.tier_since)),
            "benefits": card.tier_id._list_benefits(),
            "next_title": self.env._("With %(tier)s", tier=facts["next_tier"].name),
            "next_benefits": facts["next_tier"]._list_benefits(),
            "entitlements": [
                card._tell_portal_entitlement(own) for own in card._get_entitlements()
            ],
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

    def _tell_portal_entitlement(self, facts):
        """Return what is left of an event or service, see ``_get_entitlements``."""
        return {
            "name": facts["name"],
            "left": self.env._(
                "%(left)s of %(count)s left", left=facts["left"], count=facts["count"]
            ),
            "until": self.env._(
                "until %(day)s", day=format_date(self.env, facts["until"])
            ),
        }

    def _get_portal_progress(self, facts):
        """Return the way to the next tier, and what keeps this one.

        :param dict facts: see ``_collect_tier_facts``
        :return: names of ``tier`` and ``next_tier``, ``ratio`` (0..1), ``words`` of
            what is missing for the next one, ``keep`` and ``keep_until``
        """
        self.ensure_one()
        # sudo: as above.
        card = self.sudo()
        return {
            "tier": card.tier_id.name or "",
            "next_tier": facts["next_tier"].name or "",
            "ratio": facts["ratio"],
            "words": card._describe_portal_progress(facts),
            "keep": card._describe_tier_keep(facts),
            "kept": card._describe_portal_kept(facts),
            "keep_until": facts["keep_until"],
        }

    def _describe_portal_progress(self, facts):
        """Return what is missing for the next tier, as a sentence, or an empty text."""
        program, tier = self.program_id, facts["next_tier"]
        if not tier and not self.tier_id:
            return ""
        if not tier:
            return self.env._(
                "%(tier)s is our highest tier. Thank you!", tier=self.tier_id.name
            )
        words = {
            "tier": tier.name,
            "amount": tier._describe_amount(facts["metric"], facts["missing"]),
            "months": program.tier_window_months,
        }
        if program.tier_window != "rolling":
            return self.env._("Missing for %(tier)s: %(amount)s.", **words)
        if program.tier_window_months == 1:
            return self.env._("Missing for %(tier)s: %(amount)s in one month.", **words)
        return self.env._(
            "Missing for %(tier)s: %(amount)s within %(months)s months.", **words
        )

    def _describe_portal_kept(self, facts):
        """Return until when the tier is the member's, as a sentence, or False."""
        if not facts["keep_until"]:
            return False
        return self.env._(
            "%(tier)s is yours until %(day)s, and you have done enough to keep it.",
            tier=self.tier_id.name,
            day=format_date(self.env, facts["keep_until"]),
        )


class LoyaltyTier(models.Model):
    _inherit = "loyalty.tier"

    def _describe_portal_threshold(self):
        """Return from how much on a member has the tier."""
        self.ensure_one()
        if not self.threshold:
            return self.env._("from the start")
        return self.env._("from %(amount)s on", amount=self._describe_thresholds())


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
        cause = causes[self.cause]
        if self.until:
            cause = self.env._(
                "%(cause)s until %(day)s",
                cause=cause,
                day=format_date(self.env, self.until),
            )
        return {
            "day": self.changed_on,
            "tier": self.to_tier_id,
            "cause": cause,
            "is_down": self.cause == "down",
        }
