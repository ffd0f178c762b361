from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..engine import events
from ..engine.rounding import to_decimal

MODES = [
    ("event", "points per event"),
    ("value", "points per unit of the value"),
]

CAP_PERIODS = [
    ("day", "Day"),
    ("week", "Week"),
    ("month", "Month"),
    ("year", "Year"),
    ("lifetime", "Lifetime"),
]

#: The kinds of fields that hold a number.
NUMERIC_KINDS = ("integer", "number")


class LoyaltyEventRule(models.Model):
    """What an event is worth in a programme."""

    _name = "loyalty.event.rule"
    _description = "Loyalty Event Rule"
    _order = "program_id, sequence, id"

    program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Programme",
        required=True,
        index=True,
        domain=[("ledger_policy", "=", "strict")],
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="program_id.company_id")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    event_type_id = fields.Many2one(
        comodel_name="loyalty.event.type",
        string="Event",
        required=True,
        index=True,
        ondelete="restrict",
    )
    points = fields.Float(digits=0, default=10, required=True)
    mode = fields.Selection(
        selection=MODES, string="Given as", default="event", required=True
    )
    value_field_id = fields.Many2one(
        comodel_name="loyalty.event.field",
        string="Value",
        help="The field that multiplies the points. Empty: the event's own value.",
        domain="[('event_type_id', '=', event_type_id), "
        "('kind', 'in', ('integer', 'number'))]",
        ondelete="restrict",
    )
    condition_field_id = fields.Many2one(
        comodel_name="loyalty.event.field",
        string="Only if",
        domain="[('event_type_id', '=', event_type_id)]",
        ondelete="restrict",
    )
    condition_operator = fields.Selection(
        selection=[(sign, sign) for sign in events.OPERATORS],
        string="Is",
        default="=",
    )
    condition_value = fields.Char(string="Than")
    cap_times = fields.Integer(
        string="At most (times)",
        help="How often a member gets points within the period. 0: no limit.",
    )
    cap_points = fields.Float(
        string="At most (points)",
        help="How many points a member gets within the period. 0: no limit.",
        digits=0,
    )
    cap_period = fields.Selection(
        selection=CAP_PERIODS, string="Per", default="lifetime", required=True
    )
    counts_for_tier = fields.Boolean(
        string="Counts for the tier",
        help="Whether the points count where the tier follows the points earned.",
    )
    hold_days = fields.Integer(
        string="Pending (days)",
        help="The points may be spent so many days after the event.",
    )

    limits = fields.Char(compute="_compute_limits")

    _amounts_sane = models.Constraint(
        """CHECK (points > 0 AND points <= 1e9 AND cap_times >= 0
            AND cap_points BETWEEN 0 AND 1e12 AND hold_days BETWEEN 0 AND 3650)""",
        "An event gives more than 0 and up to a billion points; limits are not "
        "negative and points are pending for up to 3650 days.",
    )

    @api.depends("event_type_id", "points", "mode")
    def _compute_display_name(self):
        for rule in self:
            values = {
                "event": rule.event_type_id.name,
                "points": rule.program_id._format_count(rule.points),
            }
            if rule.mode == "value":
                name = self.env._("%(event)s: %(points)s × value", **values)
            else:
                name = self.env._("%(event)s: %(points)s points", **values)
            rule.display_name = name

    @api.depends(
        "condition_field_id",
        "condition_operator",
        "condition_value",
        "cap_times",
        "cap_points",
        "cap_period",
    )
    def _compute_limits(self):
        for rule in self:
            words = rule._list_limit_words() if rule.program_id else []
            rule.limits = " ".join(words)

    @api.constrains("program_id")
    def _check_program_has_members(self):
        if any(rule.program_id.ledger_policy != "strict" for rule in self):
            raise ValidationError(
                self.env._("Only programmes with members reward events.")
            )

    @api.constrains(
        "active", "event_type_id", "mode", "value_field_id", "condition_field_id"
    )
    def _check_fields_are_the_events(self):
        for rule in self:
            details = rule.value_field_id | rule.condition_field_id
            if details.event_type_id - rule.event_type_id:
                raise ValidationError(
                    self.env._(
                        "A rule looks at the details of its own event: %(name)s.",
                        name=rule.display_name,
                    )
                )
            rule._check_has_value()

    def _check_has_value(self):
        if self.mode == "event":
            return
        field = self.value_field_id
        if field.kind in NUMERIC_KINDS or (
            not field and self.event_type_id.takes_value
        ):
            return
        raise ValidationError(
            self.env._(
                "“%(name)s” has no such number to multiply by.",
                name=self.event_type_id.name,
            )
        )

    @api.constrains(
        "active", "condition_field_id", "condition_operator", "condition_value"
    )
    def _check_condition(self):
        for rule in self:
            rule._get_condition()

    # === Awards ===

    def _evaluate(self, event, card):
        """Return what ``event`` earns for the member under this rule.

        :raise ValidationError: more points than a posting can hold
        """
        self.ensure_one()
        used = self._get_used(card, event)
        try:
            return events.evaluate(
                self._get_engine_rule(),
                event.payload or {},
                to_decimal(event.value),
                used,
                self.program_id.points_scale,
            )
        except ValueError as error:
            raise ValidationError(
                self.env._("This event is worth more points than anybody may get.")
            ) from error

    def _get_engine_rule(self):
        return events.EventRule(
            amount=to_decimal(self.points),
            per_value=self.mode == "value",
            value_key=self.value_field_id.name or None,
            condition=self._get_condition(),
            cap_times=self.cap_times or None,
            cap_points=to_decimal(self.cap_points) if self.cap_points else None,
        )

    def _get_condition(self):
        """Return the condition as the engine sees it, or None.

        :raise ValidationError: the value is not of the field's type
        """
        field = self.condition_field_id
        if not field:
            return None
        return events.Condition(
            key=field.name,
            operator=self.condition_operator or "=",
            value=field._parse_value(self.condition_value),
        )

    def _get_used(self, card, event):
        """Return (awards, points) that the member got in the event's period."""
        if not self.cap_times and not self.cap_points:
            return 0, Decimal(0)
        day = self.program_id._get_local_date(event.occurred_at)
        start = events.period_start(day, self.cap_period)
        end = events.period_end(day, self.cap_period)
        rows = self.env.execute_query(
            SQL(
                """SELECT COUNT(*), COALESCE(SUM(points), 0)
                   FROM loyalty_event_award
                   WHERE rule_id = %s AND card_id IN (%s)
                     AND occurred_on BETWEEN %s AND %s""",
                self.id,
                card._sql_own_cards(),
                start or fields.Date.to_date("1900-01-01"),
                end or fields.Date.to_date("9999-12-31"),
            )
        )
        return rows[0][0], Decimal(rows[0][1])
