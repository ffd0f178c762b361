from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL

from ..models.loyalty_card import CURRENT_STATES

#: What a line may change of a tier.
RULES = ("threshold", "threshold_2", "keep_threshold", "keep_threshold_2")

#: Warn when fewer, or more, of the members than this reach more than the first tier.
TOO_FEW, TOO_MANY = 0.01, 0.9

#: Above every honest threshold, and still a number that a setting takes.
ASIDE = 9e11

#: Moves that are listed one by one, those with the largest revenue.
LISTED = 100


class LoyaltyTierWhatIf(models.TransientModel):
    """What other thresholds would have meant for the purchases of the last months."""

    _name = "loyalty.tier.what.if"
    _description = "What If"

    program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Programme",
        required=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="program_id.currency_id")
    metric_2 = fields.Selection(related="program_id.tier_metric_2")
    months = fields.Integer(string="Purchases of the last (months)", default=12)
    line_ids = fields.One2many(
        comodel_name="loyalty.tier.what.if.line", inverse_name="what_if_id"
    )
    move_ids = fields.One2many(
        comodel_name="loyalty.tier.what.if.move",
        inverse_name="what_if_id",
        string="Who moves",
        readonly=True,
    )
    is_counted = fields.Boolean(readonly=True)
    member_count = fields.Integer(string="Members", readonly=True)
    up_count = fields.Integer(string="Up", readonly=True)
    down_count = fields.Integer(string="Down", readonly=True)
    cost = fields.Monetary(string="Cost of the benefits", readonly=True)
    warning = fields.Text(readonly=True)

    _months_sane = models.Constraint(
        "CHECK (months BETWEEN 1 AND 120)",
        "Look at the purchases of 1 to 120 months.",
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        program = self.env["loyalty.program"].browse(values.get("program_id"))
        if program and "line_ids" in fields:
            values["line_ids"] = [
                Command.create(
                    {"tier_id": tier.id, **{name: tier[name] for name in RULES}}
                )
                for tier in program.tier_ids.sorted("threshold")
            ]
        return values

    # === Counting ===

    def action_count(self):
        """Work out what the thresholds would have meant, and show it."""
        self.ensure_one()
        self._check_may_decide()
        lines = self._get_ladder()
        self.env.flush_all()
        rows = self.env.execute_query(self._query_counts(lines))
        costs = lines._take_counts(rows)
        moves = self.env.execute_query(self._query_moves(lines))
        self.move_ids.unlink()
        self.cost_ids.unlink()
        self.write(
            {
                "is_counted": True,
                "member_count": sum(row[2] for row in rows),
                "up_count": sum(row[2] for row in rows if row[1] > row[0]),
                "down_count": sum(row[2] for row in rows if row[1] < row[0]),
                "cost": sum(lines.mapped("cost")),
                "cost_ids": [Command.create(values) for values in costs],
                "move_ids": [
                    Command.create(self._read_move(lines, *move)) for move in moves
                ],
            }
        )
        self.warning = "\n".join(self._list_warnings())
        return self._reopen()

    def _read_move(self, lines, card_id, tier_id, level, *facts):
        is_up, revenue = facts
        return {
            "card_id": card_id,
            "from_tier_id": tier_id,
            "to_tier_id": lines[level - 1].tier_id.id if level else None,
            "direction": "up" if is_up else "down",
            "revenue": revenue,
        }

    def _get_ladder(self):
        """Return the lines from below; refuse a ladder that does not go up."""
        lines = self.line_ids.sorted("threshold")
        lines._check_ladder()
        return lines

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("What if"),
        }

    def _list_warnings(self):
        if not self.member_count:
            return [self.env._("Nobody is a member yet: there is nothing to count.")]
        warnings = []
        lines = self.line_ids.sorted("threshold")
        for line in lines[1:]:
            above = sum(
                other.member_count_then
                for other in lines
                if other.threshold >= line.threshold
            )
            share = above / self.member_count
            if not above:
                text = self.env._("Nobody reaches “%(tier)s”.", tier=line.tier_id.name)
            elif share < TOO_FEW:
                text = self.env._(
                    "Hardly anybody reaches “%(tier)s”: %(count)s of %(all)s members.",
                    tier=line.tier_id.name,
                    count=above,
                    all=self.member_count,
                )
            elif share > TOO_MANY:
                text = self.env._(
                    "Nearly everybody reaches “%(tier)s”: %(count)s of %(all)s "
                    "members.",
                    tier=line.tier_id.name,
                    count=above,
                    all=self.member_count,
                )
            else:
                continue
            warnings.append(text)
        return warnings

    def _sql_members(self, lines):
        """Return the steps that end in ``member``: level now and then, by purchases."""
        program = self.program_id
        metrics = program._get_tier_metrics()
        any_of = bool(program.tier_metric_2) and program.tier_join == "any"
        today = program._get_local_date()
        first = fields.Date.subtract(today, months=self.months)
        states = list(CURRENT_STATES)
        return SQL(
            """
            %(days)s, fact AS (
                SELECT id, GREATEST(SUM(metric_1), 0) AS one,
                    GREATEST(SUM(metric_2), 0) AS two, SUM(money) AS revenue,
                    SUM(earned) AS points
                FROM day GROUP BY id
            ), member AS (
                SELECT c.id, c.tier_id,
                    COALESCE(array_position(%(tiers)s::int[], c.tier_id), 0) AS now,
                    loyalty_tier_reached(%(any_of)s, COALESCE(f.one, 0),
                        COALESCE(f.two, 0), %(enter_1)s::numeric[],
                        %(enter_2)s::numeric[]) AS level,
                    COALESCE(f.revenue, 0) AS revenue, COALESCE(f.points, 0) AS points
                FROM loyalty_card c LEFT JOIN fact f ON f.id = c.id
                WHERE c.program_id = %(program)s AND c.member_state = ANY(%(states)s)
            )""",
            days=program._sql_tier_days(
                SQL("k.member_state = ANY(%s)", states), first, everybody=True
            ),
            tiers=lines.tier_id.ids,
            any_of=any_of,
            enter_1=[repr(line.threshold) for line in lines],
            enter_2=[
                repr(line.threshold_2) if len(metrics) > 1 else "0" for line in lines
            ],
            program=program.id,
            states=states,
        )

    def _query_counts(self, lines):
        # SQL: one pass over the purchases of a million members.
        return SQL(
            """WITH %s SELECT now, level, COUNT(*), SUM(revenue), SUM(points)
               FROM member GROUP BY now, level""",
            self._sql_members(lines),
        )

    def _query_moves(self, lines):
        return SQL(
            """WITH %s SELECT id, tier_id, level, level > now, revenue
               FROM member WHERE level <> now
               ORDER BY revenue DESC, id LIMIT %s""",
            self._sql_members(lines),
            LISTED,
        )

    # === Saving ===

    def action_apply(self):
        """Make the thresholds those of the programme."""
        self.ensure_one()
        self._check_may_decide()
        self._get_ladder()
        lines = self.line_ids.sorted("threshold")
        # Out of the way first, from above: a tier never starts where another one does,
        # nor above the next, not even on the way.
        for rank, line in reversed(list(enumerate(lines))):
            far = ASIDE + rank
            line.tier_id.write({"threshold": far, "threshold_2": far})
        for line in lines:
            line.tier_id.write(line._get_rules())
        return {"type": "ir.actions.act_window_close"}

    def _check_may_decide(self):
        if not self.env.user.has_group("loyalty_program.group_loyalty_manager"):
            raise AccessError(
                self.env._("Only loyalty managers may try other thresholds.")
            )
        self.program_id.check_access("write")


class LoyaltyTierWhatIfLine(models.TransientModel):
    """A tier with other thresholds, and what they would have meant."""

    _name = "loyalty.tier.what.if.line"
    _description = "What If: Tier"
    _order = "threshold, id"

    what_if_id = fields.Many2one(
        comodel_name="loyalty.tier.what.if", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="what_if_id.currency_id")
    tier_id = fields.Many2one(
        comodel_name="loyalty.tier", required=True, ondelete="cascade"
    )
    threshold = fields.Float(string="From", digits=(16, 2))
    threshold_2 = fields.Float(string="Second from", digits=(16, 2))
    keep_threshold = fields.Float(string="To stay", digits=(16, 2))
    keep_threshold_2 = fields.Float(string="Second to stay", digits=(16, 2))
    member_count_now = fields.Integer(string="Members now", readonly=True)
    member_count_then = fields.Integer(string="Members then", readonly=True)
    up_count = fields.Integer(string="Up to it", readonly=True)
    down_count = fields.Integer(string="Down to it", readonly=True)
    revenue = fields.Monetary(readonly=True)
    cost = fields.Monetary(string="Cost of benefits", readonly=True)

    @api.onchange("threshold")
    def _onchange_threshold(self):
        """Staying never takes more than reaching."""
        self.keep_threshold = min(self.keep_threshold, self.threshold)

    @api.onchange("threshold_2")
    def _onchange_threshold_2(self):
        self.keep_threshold_2 = min(self.keep_threshold_2, self.threshold_2)

    def _get_rules(self):
        return {name: self[name] for name in RULES}

    def _check_ladder(self):
        """Refuse thresholds that no programme could have.

        :raise ValidationError: says which tier is wrong
        """
        names = RULES if self.what_if_id.metric_2 else ("threshold", "keep_threshold")
        for line in self:
            is_negative = min(line[name] for name in RULES) < 0
            if is_negative or any(
                line[f"keep_{name}"] > line[name]
                for name in ("threshold", "threshold_2")
            ):
                raise ValidationError(
                    self.env._(
                        "Staying in “%(name)s” cannot take more than reaching it, and "
                        "nothing below zero.",
                        name=line.tier_id.name,
                    )
                )
        for lower, higher in pairwise(self):
            is_same = lower.threshold == higher.threshold
            if is_same or any(lower[name] > higher[name] for name in names):
                raise ValidationError(
                    self.env._(
                        "“%(higher)s” must ask for more than “%(lower)s”.",
                        higher=higher.tier_id.name,
                        lower=lower.tier_id.name,
                    )
                )

    def _take_counts(self, rows):
        """Note the counts of :meth:`LoyaltyTierWhatIf._query_counts` on each line.

        :return: values of what each benefit would have cost
        """
        values = []
        for level, line in enumerate(self, 1):
            facts = self.what_if_id._get_tier_facts(self, level, rows)
            costs = line.tier_id._estimate_costs(facts)
            line.write(
                {
                    "member_count_now": sum(row[2] for row in rows if row[0] == level),
                    "member_count_then": facts.members,
                    "up_count": facts.entering,
                    "down_count": facts.members
                    - facts.entering
                    - sum(row[2] for row in rows if row[0] == row[1] == level),
                    "revenue": facts.revenue,
                    "cost": sum(estimate.amount or 0 for _benefit, estimate in costs),
                }
            )
            values += line._prepare_costs(costs)
        return values


class LoyaltyTierWhatIfMove(models.TransientModel):
    """A member who would be in another tier."""

    _name = "loyalty.tier.what.if.move"
    _description = "What If: Move"
    _order = "revenue desc, id"

    what_if_id = fields.Many2one(
        comodel_name="loyalty.tier.what.if", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="what_if_id.currency_id")
    card_id = fields.Many2one(
        comodel_name="loyalty.card", string="Member", ondelete="cascade"
    )
    from_tier_id = fields.Many2one(
        comodel_name="loyalty.tier", string="Now", ondelete="cascade"
    )
    to_tier_id = fields.Many2one(
        comodel_name="loyalty.tier", string="Then", ondelete="cascade"
    )
    from_color = fields.Integer(string="Colour now", related="from_tier_id.color")
    to_color = fields.Integer(string="Colour then", related="to_tier_id.color")
    direction = fields.Selection(selection=[("up", "Up"), ("down", "Down")])
    revenue = fields.Monetary()
