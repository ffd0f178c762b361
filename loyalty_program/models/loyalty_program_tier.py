from collections import defaultdict
from itertools import pairwise

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..engine import tier_path
from ..engine.rounding import to_decimal
from ..engine.shares import to_text
from ..engine.tier_path import TierPolicy

METRICS = [
    ("spend", "Money spent"),
    ("points", "Points earned"),
    ("orders", "Orders"),
    ("visits", "Days with a purchase"),
    ("events", "Events"),
]

#: What moves members when it changes.
RULE_FIELDS = {
    "tier_descent",
    "tier_grace_days",
    "tier_ids",
    "tier_join",
    "tier_metric",
    "tier_metric_2",
    "tier_window",
    "tier_window_months",
}


class LoyaltyProgram(models.Model):
    """The rules of the tiers. What follows from them is ``engine.tier_path``'s."""

    _inherit = "loyalty.program"

    tier_metric = fields.Selection(
        selection=METRICS,
        string="Tier counts",
        default="spend",
        required=True,
    )
    tier_metric_2 = fields.Selection(
        selection=METRICS,
        string="And also",
        help="A second number that counts for the tier.",
    )
    tier_join = fields.Selection(
        selection=[("all", "Both thresholds"), ("any", "One of the two thresholds")],
        string="A tier takes",
        default="all",
        required=True,
    )
    tier_window = fields.Selection(
        selection=[
            ("rolling", "The last months"),
            ("year", "The calendar year"),
            ("anniversary", "The year of membership"),
            ("lifetime", "All purchases ever"),
        ],
        string="Counted over",
        help="A tier reached within a year lasts for its rest and the whole next one. "
        "The last months are looked at again at the end of each month.",
        default="rolling",
        required=True,
    )
    tier_window_months = fields.Integer(
        string="Months",
        help="So many months back from today count for the tier.",
        default=12,
    )
    tier_descent = fields.Selection(
        selection=[
            ("kept", "To the tier whose threshold to stay is met"),
            ("one", "One tier at a time"),
        ],
        string="Down",
        help="What happens at the end of a period to who did not keep the tier.",
        default="kept",
        required=True,
    )
    tier_grace_days = fields.Integer(
        string="Grace (days)",
        help="So long after a period purchases still count to keep its tier.",
        default=0,
    )
    tier_recheck = fields.Boolean(
        help="The rules changed: the nightly work looks at every member.",
        readonly=True,
        copy=False,
    )

    _tier_spans_sane = models.Constraint(
        """CHECK (tier_window_months BETWEEN 1 AND 1200
            AND tier_grace_days BETWEEN 0 AND 366)""",
        "The window of the tiers has 1 to 1200 months, the grace up to 366 days.",
    )

    @api.constrains("tier_metric", "tier_metric_2")
    def _check_two_metrics_differ(self):
        for program in self:
            if program.tier_metric == program.tier_metric_2:
                raise ValidationError(
                    self.env._("The two numbers that count for a tier must differ.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(vals_list)
        programs.tier_ids._check_ladder()
        return programs

    def write(self, vals):
        result = super().write(vals)
        if RULE_FIELDS & set(vals):
            self.env.registry.clear_cache()
            self.tier_ids._check_ladder()
            self._recheck_tiers()
        return result

    def _recheck_tiers(self):
        """Let the nightly work look at every member under the rules of now."""
        stale = self.filtered(lambda program: not program.tier_recheck)
        # sudo: the mark follows from a change of rules that was allowed.
        stale.sudo().tier_recheck = True

    @tools.ormcache("self.id")
    def _get_tier_policy(self):
        """Return the rules as frozen values, see ``engine.tier_path``.

        Remembered as long as nobody changes them, as every purchase asks.
        """
        self.ensure_one()
        # sudo: one answer for all users; rules are read to compute, not to show.
        program = self.sudo()
        two = bool(program.tier_metric_2)
        return TierPolicy(
            levels=tuple(
                tier._get_level(two) for tier in program.tier_ids.sorted("threshold")
            ),
            window=program.tier_window,
            months=program.tier_window_months,
            joined=program.tier_join,
            one_step=program.tier_descent == "one",
            grace_days=program.tier_grace_days,
        )

    def _describe_tier_rule(self, tier, to_stay=False):
        """Return what reaching a tier, or staying in it, takes, in words.

        :param bool to_stay: what staying takes
        """
        self.ensure_one()
        kinds = ["keep_threshold", "keep_threshold_2"]
        if not to_stay:
            kinds = ["threshold", "threshold_2"]
        names = dict(self._fields["tier_metric"]._description_selection(self.env))
        parts = [
            f"{names[metric]} ≥ {to_text(to_decimal(tier[kind]))}"
            for metric, kind in zip(self._get_tier_metrics(), kinds, strict=False)
        ]
        spans = dict(self._fields["tier_window"]._description_selection(self.env))
        policy = self._get_tier_policy()
        span = spans[policy.window]
        if policy.window == "rolling":
            span = f"{span} ({policy.months})"
        joint = " / " if policy.joined == "any" else " + "
        return f"{joint.join(parts)}; {span}"

    # === Moves ===

    def _move_tiers(self, cards, allow_down, is_recheck=False):
        """Move each card to the tier that the ledger says.

        :param bool allow_down: something was undone or a period ended; otherwise only
            who has reached a higher tier is looked at
        :param bool is_recheck: the rules changed; nobody falls before the period ends
        """
        self.ensure_one()
        if not cards or not self._get_tier_policy().levels:
            return
        if not allow_down:
            cards = self._filter_rising(cards)
        self._requalify(cards.ids, is_recheck)

    def _make_moves(self, standings, is_recheck):
        """Move members whose tier is another one than they have.

        :param standings: rows of ``_query_settle_tiers``
        """
        today = self._get_local_date()
        moves, reviews, changes = defaultdict(list), defaultdict(list), []
        # Where they come from and where they go, read at once.
        held = self.env["loyalty.card"].browse(row[0] for row in standings).tier_id
        held.union(held.browse(filter(None, (row[1] for row in standings)))).mapped(
            "threshold"
        )
        for card_id, tier_id, review_on, *causes, one, two in standings:
            is_by_hand, is_paid = causes
            card = self.env["loyalty.card"].browse(card_id)
            tier = self.env["loyalty.tier"].browse(tier_id)
            if is_recheck and tier.threshold < card.tier_id.threshold:
                changes.append(self._prepare_rules_hold(card, today))
                reviews[changes[-1]["until"]].append(card_id)
                continue
            moves[tier].append(card_id)
            reviews[review_on].append(card_id)
            # What was given by hand has its row already, with the reason.
            if not is_by_hand:
                change = card._prepare_tier_change(tier, (one, two), today)
                changes.append(change | ({"cause": "paid"} if is_paid else {}))
        self._write_tiers(moves, reviews, changes, today)

    def _get_nearest_levels(self, cards):
        """Return {card id: the level above the card's tier}, of those who have both.

        Whoever does not reach that level reaches none above it either.
        """
        levels = self._get_tier_policy().levels
        above = {lower.tier_id: level for lower, level in pairwise(levels)}
        top = levels[-1].tier_id if levels else None
        held = {card.id: card.tier_id.id for card in cards}
        return {
            card_id: above.get(tier_id, levels[0])
            for card_id, tier_id in held.items()
            if tier_id and tier_id != top
        }

    def _reaches_tier(self, amounts, level):
        """Tell whether amounts are enough to enter a level."""
        return tier_path.reached(self._get_tier_policy(), amounts, level.enter)

    def _filter_rising(self, cards):
        """Return the cards whose amounts reach more than the tier that they have."""
        # Who has no tier is looked at anyway, who stands at the top asks nothing.
        nearest = self._get_nearest_levels(cards)
        asked = cards.browse(nearest)
        looks = [self._get_tier_ceilings]
        if not self._has_plain_metrics():
            looks.append(self._get_tier_amounts)
        for look in looks:
            amounts = look(asked)
            asked = asked.browse(
                card.id
                for card in asked
                if self._reaches_tier(amounts[card.id], nearest[card.id])
            )
        return cards.filtered(lambda card: not card.tier_id or card in asked)

    def _prepare_rules_hold(self, card, today):
        """Return the row that keeps a tier to the end of the period in spite of new
        rules: nobody falls in the middle of what was promised."""
        policy = self._get_tier_policy()
        until = tier_path.period_end(policy, today, card.joined_on or today)
        return {
            "card_id": card.id,
            "from_tier_id": card.tier_id.id,
            "to_tier_id": card.tier_id.id,
            "cause": "rules",
            "until": until or today,
            "changed_on": today,
        }

    def _write_tiers(self, moves, reviews, changes, today):
        cards = self.env["loyalty.card"].with_context(tracking_disable=True)
        for tier, card_ids in moves.items():
            # sudo: the tier follows from the ledger, whoever made the purchase.
            cards.browse(card_ids).sudo().write(
                {"tier_id": tier.id, "tier_since": today}
            )
        for day, card_ids in reviews.items():
            # sudo: see above.
            cards.browse(card_ids).sudo().write({"tier_review_on": day})
        # sudo: the trail of the move belongs to the suite.
        self.env["loyalty.tier.change"].sudo().create(changes)
