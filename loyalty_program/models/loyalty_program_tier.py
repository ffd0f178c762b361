from collections import defaultdict
from datetime import date
from decimal import Decimal

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..engine import tier_path
from ..engine.tier_path import ManualTier, TierPolicy
from .loyalty_card import CURRENT_STATES

METRICS = [
    ("spend", "Money spent"),
    ("points", "Points earned"),
    ("orders", "Orders"),
    ("visits", "Days with a purchase"),
    ("events", "Events"),
]

#: Marks members to look at anew after the rules changed: before any honest day.
RECHECK = date(1900, 1, 1)

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

    # === Facts ===

    @tools.ormcache("self.id")
    def _get_tier_policy(self):
        """Return the rules as frozen values, see ``engine.tier_path``.

        Remembered as long as nobody changes them, as every purchase asks.
        """
        self.ensure_one()
        two = bool(self.tier_metric_2)
        return TierPolicy(
            levels=tuple(
                tier._get_level(two) for tier in self.tier_ids.sorted("threshold")
            ),
            window=self.tier_window,
            months=self.tier_window_months,
            joined=self.tier_join,
            one_step=self.tier_descent == "one",
            grace_days=self.tier_grace_days,
        )

    def _get_tier_facts(self, cards, first=None):
        """Return {card id: [(day, amounts)]}, net of what was taken back.

        :param date first: leave out what lies before
        """
        self.ensure_one()
        metrics = [m for m in (self.tier_metric, self.tier_metric_2) if m]
        facts = defaultdict(list)
        if cards.ids:
            query = self._query_tier_facts(cards.ids, metrics, first)
            for card_id, day, *amounts in self.env.execute_query(query):
                facts[card_id].append((day, tuple(map(Decimal, amounts))))
        return facts

    def _query_tier_facts(self, card_ids, metrics, first):
        # SQL: entries are inserted by SQL only, nothing of them waits for a flush. What
        # was bought on a card of the same customer that was merged counts as well. A
        # reversal lies on the day of what it reverses, so the two cancel out. The cards
        # come first and once: without statistics a join of three tables runs for ever.
        columns = {
            "spend": SQL("SUM(spend)::text"),
            "points": SQL("SUM(points)::text"),
            "orders": SQL("COUNT(*) FILTER (WHERE spend > 0)"),
            "visits": SQL("(COUNT(*) FILTER (WHERE spend > 0) > 0)::int"),
            "events": SQL(
                "COUNT(*) FILTER (WHERE origin_model = 'loyalty.event' AND points > 0)"
            ),
        }
        return SQL(
            """
            WITH owned AS MATERIALIZED (
                SELECT id, id AS member_id FROM loyalty_card
                WHERE id = ANY(%(ids)s) AND program_id = %(program)s
                UNION
                SELECT k.id, c.id FROM loyalty_card k
                JOIN loyalty_card c ON c.partner_id = k.partner_id
                    AND c.program_id = k.program_id AND NOT c.active
                WHERE k.id = ANY(%(ids)s) AND k.program_id = %(program)s
            ), document AS (
                SELECT o.id, e.tier_date, e.origin_model, SUM(e.base_amount) AS spend,
                    SUM(e.points) AS points
                FROM owned o
                JOIN loyalty_ledger_entry e ON e.member_card_id = o.member_id
                WHERE e.tier_date >= %(first)s AND e.available_on <= %(today)s
                GROUP BY o.id, e.tier_date, e.origin_model, e.origin_id,
                    CASE WHEN e.origin_id IS NULL
                        THEN COALESCE(e.reverses_id, e.id) END
            )
            SELECT id, tier_date, %(amounts)s FROM document GROUP BY id, tier_date
            """,
            ids=card_ids,
            program=self.id,
            first=first or RECHECK,
            today=self._get_local_date(),
            amounts=SQL(", ").join(columns[metric] for metric in metrics),
        )

    def _get_tier_amounts(self, cards):
        """Return {card id: amounts} of what counts for the tier today."""
        self.ensure_one()
        policy, today = self._get_tier_policy(), self._get_local_date()
        firsts = {
            card.id: tier_path.window_first(policy, today, card.joined_on or today)
            for card in cards
        }
        known = [first for first in firsts.values() if first]
        facts = self._get_tier_facts(
            cards, min(known) if len(known) == len(firsts) and known else None
        )
        zero = (Decimal(0),) * (2 if self.tier_metric_2 else 1)
        amounts = {}
        for card_id, first in firsts.items():
            counting = [
                values for day, values in facts[card_id] if not first or day >= first
            ]
            amounts[card_id] = tuple(map(sum, zip(zero, *counting, strict=True)))
        return amounts

    def _replay_tiers(self, cards):
        """Return {card: Standing} of today, from all facts that there are."""
        self.ensure_one()
        policy, today = self._get_tier_policy(), self._get_local_date()
        facts = self._get_tier_facts(cards)
        given = self._get_manual_tiers(cards)
        return {
            card: tier_path.replay(
                policy,
                min(card.joined_on or today, today),
                facts[card.id],
                today,
                given.get(card.id, ()),
            )
            for card in cards
        }

    def _get_manual_tiers(self, cards):
        """Return {card id: ManualTiers in the order they were given}."""
        # sudo: the trail of the moves belongs to the suite.
        rows = (
            self.env["loyalty.tier.change"]
            .sudo()
            .search(
                [("card_id", "in", cards.ids), ("cause", "in", ("manual", "rules"))],
                order="id",
            )
        )
        return {
            card.id: [
                ManualTier(
                    day=row.changed_on,
                    tier_id=row.to_tier_id.id or None,
                    until=row.until or None,
                    locked=row.is_locked,
                )
                for row in changes
            ]
            for card, changes in rows.grouped("card_id").items()
        }

    # === Moves ===

    def _move_tiers(self, cards, allow_down):
        """Move each card to the tier that the ledger says.

        :param bool allow_down: something was undone or a period ended; otherwise only
            who has reached a higher tier is looked at
        """
        self.ensure_one()
        if not cards or not self._get_tier_policy().levels:
            return
        if not allow_down:
            cards = self._filter_rising(cards)
        today = self._get_local_date()
        moves, reviews, changes = defaultdict(list), defaultdict(list), []
        for card, standing in self._replay_tiers(cards).items():
            tier = self.env["loyalty.tier"].browse(standing.tier_id)
            if tier != card.tier_id:
                if card._is_rechecked() and tier.threshold < card.tier_id.threshold:
                    changes.append(self._prepare_rules_hold(card, today))
                    reviews[changes[-1]["until"]].append(card.id)
                    continue
                moves[tier].append(card.id)
                change = card._prepare_tier_change(tier, standing, today)
                # What was given by hand has its row already, with the reason.
                changes += [change] if change["cause"] != "manual" else []
            if card.tier_review_on != (standing.review_on or False):
                reviews[standing.review_on].append(card.id)
        self._write_tiers(moves, reviews, changes, today)

    def _filter_rising(self, cards):
        """Return the cards whose amounts reach more than the tier that they have."""
        policy = self._get_tier_policy()
        ranks = {level.tier_id: rank for rank, level in enumerate(policy.levels)}
        ahead = {
            card: policy.levels[ranks.get(card.tier_id.id, -1) + 1 :] for card in cards
        }
        # Who stands at the top asks the ledger nothing.
        amounts = self._get_tier_amounts(cards.filtered(lambda card: ahead[card]))
        return cards.filtered(
            lambda card: (
                not card.tier_id
                or any(
                    tier_path.reached(policy, amounts[card.id], level.enter)
                    for level in ahead[card]
                )
            )
        )

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

    def _requalify_members(self, batch):
        """Yield after each batch of members whose tier was looked at anew.

        Only those are due whose period has ended, and everybody once after a change of
        the rules. Several workers share the work.
        """
        self.ensure_one()
        if not self.tier_ids:
            return
        if self.tier_recheck:
            self._mark_for_recheck()
            yield self.env["loyalty.card"]
        while rows := self.env.execute_query(self._query_due_members(batch)):
            cards = self.env["loyalty.card"].browse(sorted(row[0] for row in rows))
            self._move_tiers(cards, True)
            # What the rules of now never decide again is not due any more.
            self.env.flush_all()
            yield cards

    def _mark_for_recheck(self):
        self.env["loyalty.card"].flush_model()
        # SQL: one statement for a million members.
        self.env.execute_query(
            SQL(
                """UPDATE loyalty_card SET tier_review_on = %s
                   WHERE program_id = %s AND member_state = ANY(%s)
                   RETURNING id""",
                RECHECK,
                self.id,
                list(CURRENT_STATES),
            )
        )
        self.env["loyalty.card"].invalidate_model(["tier_review_on"])
        self.tier_recheck = False

    def _query_due_members(self, batch):
        # SQL: what another worker looks at is left to it.
        return SQL(
            """
            SELECT id FROM loyalty_card
            WHERE program_id = %s AND tier_review_on < %s
                AND member_state = ANY(%s)
            ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
            """,
            self.id,
            self._get_local_date(),
            list(CURRENT_STATES),
            batch,
        )
