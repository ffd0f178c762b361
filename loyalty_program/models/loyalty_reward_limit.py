from decimal import ROUND_HALF_UP

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_date

from ..engine.dates import days_of_period

LIMIT_PERIODS = [
    ("ever", "ever"),
    ("day", "a day"),
    ("week", "a week"),
    ("month", "a month"),
    ("year", "a year"),
]


class LoyaltyRewardGroup(models.Model):
    """Rewards that do not go together: an order takes one of a group."""

    _name = "loyalty.reward.group"
    _description = "Rewards That Exclude Each Other"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)


class LoyaltyReward(models.Model):
    """How often, how many, when, and beside what a reward may be claimed."""

    _inherit = "loyalty.reward"

    claim_from = fields.Date(string="On offer from")
    claim_to = fields.Date(string="On offer until")
    limit_total = fields.Integer(
        string="How many there are",
        help="All members together claim it so many times. More can be added. "
        "0: no limit.",
    )
    limit_left = fields.Integer(string="Left", compute="_compute_limit_left")
    limit_member = fields.Integer(
        string="Times per member",
        help="0: no limit.",
    )
    limit_period = fields.Selection(
        selection=LIMIT_PERIODS,
        string="Counted",
        default="ever",
        required=True,
    )
    exclusion_group_ids = fields.Many2many(
        comodel_name="loyalty.reward.group",
        string="Not together with",
        help="An order takes one reward of each of these groups.",
    )
    exclusion_key = fields.Char(
        help="The groups as text: read with the reward itself, by every channel.",
        compute="_compute_exclusion_key",
        store=True,
    )

    _limits_positive = models.Constraint(
        "CHECK (limit_total >= 0 AND limit_member >= 0)",
        "A limit is a number above zero, or zero for none.",
    )

    @api.depends("limit_total")
    def _compute_limit_left(self):
        # sudo: how many are left is for everybody to see.
        free = self.env["loyalty.reward.slot"].sudo()._count_free(self._origin)
        for reward in self:
            reward.limit_left = free.get(reward._origin.id, 0)

    @api.depends("exclusion_group_ids")
    def _compute_exclusion_key(self):
        for reward in self:
            ids = reward.exclusion_group_ids._origin.ids
            reward.exclusion_key = ",".join(map(str, sorted(ids))) or False

    @api.constrains("limit_total", "limit_member", "program_id")
    def _check_limits(self):
        for reward in self.filtered(lambda own: own.limit_total or own.limit_member):
            program = reward.program_id
            if not (program.is_managed and program.ledger_policy == "strict"):
                raise ValidationError(
                    self.env._(
                        "Claims are counted in programmes for members. “%(program)s” "
                        "is recorded only.",
                        program=program.name,
                    )
                )

    @api.constrains("claim_from", "claim_to")
    def _check_claim_dates(self):
        for reward in self.filtered(lambda own: own.claim_from and own.claim_to):
            if reward.claim_to < reward.claim_from:
                raise ValidationError(
                    self.env._("An offer cannot end before it begins.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        rewards = super().create(vals_list)
        rewards.filtered("limit_total")._fit_slots()
        return rewards

    def write(self, vals):
        result = super().write(vals)
        if "limit_total" in vals:
            self._fit_slots()
        return result

    def _fit_slots(self):
        # sudo: the pieces are the suite's own; who may write the reward may count.
        slots = self.env["loyalty.reward.slot"].sudo()
        for reward in self:
            slots._fit(reward)
        self.invalidate_recordset(["limit_left"])

    # === Counting ===

    def _count_times(self, cost, card):
        """Return how many claims of the reward so many points are.

        Only products are given several times at once.

        :param Decimal cost: points taken, above zero
        :param card: whose tier may make the reward cheaper
        """
        self.ensure_one()
        if self.reward_type != "product" or self.clear_wallet:
            return 1
        times = cost / self._get_price(card)
        return max(int(times.to_integral_value(rounding=ROUND_HALF_UP)), 1)

    def _get_member_room(self, card):
        """Return how often the member may claim it now, or None without a limit."""
        self.ensure_one()
        if not self.limit_member:
            return None
        return self.limit_member - self._count_member_claims(card)

    def _count_member_claims(self, card):
        """Return how often the member claimed it in the period that counts."""
        scope = SQL("e.member_card_id IN (%s)", card._sql_own_cards())
        if self.limit_period != "ever":
            today = self.program_id._get_local_date()
            first, _last = days_of_period(today, self.limit_period)
            # A posting is available after its hold of no days: its local day.
            scope = SQL("%s AND e.available_on >= %s", scope, first)
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL("SELECT COALESCE(SUM(times), 0) FROM (%s) c", self._query_claims(scope))
        )
        return int(rows[0][0])

    def _query_claims(self, scope):
        """Return the query of the claims that were not wholly given back.

        :param SQL scope: which entries ``e``
        """
        return SQL(
            """
            SELECT e.id, COALESCE((e.breakdown->>'times')::int, 1) AS times
            FROM loyalty_ledger_entry e
            WHERE %(scope)s AND e.entry_type = 'redeem' AND e.points < 0
                AND (e.breakdown->>'reward_id')::int = %(reward)s
                AND e.points + COALESCE((
                    SELECT SUM(back.points) FROM loyalty_ledger_entry back
                    LEFT JOIN loyalty_ledger_entry r ON r.id = back.reverses_id
                    WHERE back.reverses_id = e.id OR r.reverses_id = e.id
                ), 0) < 0
            """,
            scope=scope,
            reward=self.id,
        )

    # === Refusing ===

    def _get_limit_refusal(self, card, held=0):
        """Return why the reward cannot be claimed from this card now, or None.

        :param int held: how often it is claimed already where nobody counts yet
        """
        self.ensure_one()
        # sudo: limits hold whoever serves the member.
        reward = self.sudo()
        if refusal := reward._explain_day(reward.program_id._get_local_date()):
            return refusal
        if reward.limit_total and reward.limit_left <= held:
            return reward._explain_sold_out()
        room = reward._get_member_room(card)
        if room is not None and room <= held:
            return reward._explain_member_limit()
        return None

    def _explain_day(self, day):
        """Return why the reward is not on offer on that day, or None."""
        if self.claim_from and day < self.claim_from:
            return self.env._(
                "“%(reward)s” is on offer from %(day)s on.",
                reward=self.description,
                day=format_date(self.env, self.claim_from),
            )
        if self.claim_to and day > self.claim_to:
            return self.env._(
                "“%(reward)s” was on offer until %(day)s.",
                reward=self.description,
                day=format_date(self.env, self.claim_to),
            )
        return None

    def _explain_sold_out(self):
        return self.env._(
            "All of “%(reward)s” have been claimed.", reward=self.description
        )

    def _explain_member_limit(self):
        facts = {
            "reward": self.description,
            "limit": self._describe_member_limit(),
        }
        if self.limit_period == "ever":
            return self.env._(
                "“%(reward)s” cannot be claimed again. %(limit)s", **facts
            )
        return self.env._(
            "“%(reward)s” cannot be claimed again yet. %(limit)s", **facts
        )

    def _explain_exclusion(self, others):
        """Return why the reward does not go beside the others, or None."""
        self.ensure_one()
        groups = self._get_exclusion_groups()
        # sudo: limits hold whoever sells.
        other = groups and (others.sudo() - self).filtered(
            lambda reward: reward._get_exclusion_groups() & groups
        )
        return other and self.env._(
            "“%(reward)s” does not go together with “%(other)s”.",
            reward=self.description,
            other=other[0].description,
        )

    def _get_exclusion_groups(self):
        return set(filter(None, (self.exclusion_key or "").split(",")))
