from odoo import api, fields, models
from odoo.tools import format_date

from ..engine.expiry import (
    EARNING,
    FIXED,
    INACTIVITY,
    NEVER,
    ExpiryRule,
    expiry_date,
    is_tighter,
)

#: The settings that decide how long points last.
EXPIRY_FIELDS = (
    "expiry_mode",
    "validity_count",
    "validity_unit",
    "validity_rounding",
    "expiry_month",
    "expiry_day",
)


class LoyaltyProgram(models.Model):
    """How long points last, and what a change of that means for points that exist."""

    _inherit = "loyalty.program"

    expiry_mode = fields.Selection(
        selection=[
            (NEVER, "Never"),
            (EARNING, "Some time after earning"),
            (FIXED, "On one day of the year"),
            (INACTIVITY, "After some time without activity"),
        ],
        string="Points expire",
        default=NEVER,
        required=True,
    )
    validity_count = fields.Integer(
        string="Valid for",
        help="Points last at least so long.",
        default=12,
    )
    validity_unit = fields.Selection(
        selection=[("day", "Days"), ("month", "Months")],
        default="month",
        required=True,
    )
    validity_rounding = fields.Selection(
        selection=[
            ("month", "End of the month"),
            ("quarter", "End of the quarter"),
            ("year", "End of the year"),
        ],
        string="Rounded up to",
    )
    expiry_day = fields.Integer(
        help="Day of the month; the last of the month where it is shorter.",
        default=31,
    )
    expiry_month = fields.Selection(
        selection=[
            ("1", "January"),
            ("2", "February"),
            ("3", "March"),
            ("4", "April"),
            ("5", "May"),
            ("6", "June"),
            ("7", "July"),
            ("8", "August"),
            ("9", "September"),
            ("10", "October"),
            ("11", "November"),
            ("12", "December"),
        ],
        default="12",
        required=True,
    )
    expiry_changed_on = fields.Date(
        string="Expiry tightened",
        help="Points that existed then get a full new period from this day on.",
        readonly=True,
        copy=False,
    )
    expiry_note = fields.Char(compute="_compute_expiry_note")

    _validity_sane = models.Constraint(
        """CHECK (validity_count BETWEEN 0 AND 36500
            AND (validity_unit <> 'month' OR validity_count <= 1200)
            AND (validity_count > 0 OR expiry_mode IN ('never', 'fixed')))""",
        "Points are valid for at least a day and at most a hundred years.",
    )
    _expiry_day_sane = models.Constraint(
        "CHECK (expiry_day BETWEEN 1 AND 31)",
        "A month has days from 1 to 31.",
    )

    @api.depends(*EXPIRY_FIELDS)
    def _compute_expiry_note(self):
        for program in self:
            try:
                program.expiry_note = program._get_expiry_note()
            except (ValueError, OverflowError):
                # Numbers that cannot be saved, as they stand while being typed.
                program.expiry_note = False

    def write(self, vals):
        if set(EXPIRY_FIELDS).isdisjoint(vals):
            return super().write(vals)
        rules = {program: program._get_expiry_rule() for program in self}
        result = super().write(vals)
        self.flush_recordset(EXPIRY_FIELDS)
        for program, old in rules.items():
            program._apply_expiry_change(old)
        return result

    def _get_expiry_rule(self):
        """Return the settings as the engine's frozen value.

        :rtype: ExpiryRule
        """
        self.ensure_one()
        return ExpiryRule(
            mode=self.expiry_mode,
            count=self.validity_count,
            unit=self.validity_unit,
            rounding=self.validity_rounding or None,
            month=int(self.expiry_month),
            day=self.expiry_day,
        )

    def _get_expiry_date(self, card, earned_on, available_on=None):
        """Return the last day of points that ``card`` gains, or None.

        None for points that never expire, and for those that the last activity of
        their account decides about.

        :param date earned_on: the programme's day of the purchase
        :param date available_on: from when on they may be spent; what would lapse
            before lives from that day on
        """
        rule = self._get_remembered_expiry()
        if not rule.is_dated:
            return None
        sharers = card.account_id.account_member_ids or card
        extra = max(sharers.tier_id.mapped("extra_validity_months"), default=0)
        last = expiry_date(earned_on, rule, extra)
        if available_on and last < available_on:
            return expiry_date(available_on, rule, extra)
        return last

    def _get_validity_extras(self):
        """Return the extensions in months that tiers give; no extension is one."""
        return sorted({0, *self.tier_ids.mapped("extra_validity_months")})

    def _get_inactivity_end(self, active_on, extra_months):
        """Return the last day of points whose account was active last on a day.

        A change of the settings counts as activity: it begins a full new period.

        :param int extra_months: by which the account's tier extends the period
        """
        start = max(active_on, self.expiry_changed_on or active_on)
        return expiry_date(start, self._get_expiry_rule(), extra_months)

    # === A change of the settings ===

    def _apply_expiry_change(self, old):
        """Give the points that exist what the new settings owe them.

        :param ExpiryRule old: the settings before the change
        """
        new = self._get_expiry_rule()
        if new == old:
            return
        tighter = self._is_tighter(old, new)
        if tighter:
            self.expiry_changed_on = self._get_local_date()
        # sudo: the ledger is closed to everybody but the service.
        self.env["loyalty.ledger"].sudo()._redate_lots(self.sudo(), tighter)

    def _owe_new_period(self):
        """Begin a full new period for points that inactivity ends, from today on."""
        for program in self.filtered(lambda own: own.expiry_mode == INACTIVITY):
            program.expiry_changed_on = program._get_local_date()

    def _is_tighter(self, old, new):
        extras = self._get_validity_extras()
        return is_tighter(old, new, self._get_local_date(), extras)

    def _get_expiry_note(self):
        """Return what saving the form does to points that exist, False for nothing."""
        saved = self._origin
        old, new = (program._get_expiry_rule() for program in (saved, self))
        if not saved or new == old:
            return False
        # sudo: whoever may change the settings may know how many points they concern.
        points, cards = (
            self.env["loyalty.lot"]
            .sudo()
            ._read_group(
                [("program_id", "=", saved.id), ("remaining", ">", 0)],
                aggregates=["remaining:sum", "card_id:count_distinct"],
            )[0]
        )
        if not cards:
            return False
        today = saved._get_local_date()
        return self._describe_expiry_change(
            new,
            saved._is_tighter(old, new),
            points=saved._format_points(points),
            cards=self._format_cards(cards),
            day=format_date(self.env, expiry_date(today, new)),
        )

    def _describe_expiry_change(self, new, tighter, **facts):
        if new.mode == NEVER:
            return self.env._(
                "%(points)s on %(cards)s will not expire any more.",
                **facts,
            )
        if not tighter:
            return self.env._(
                "The longer life holds for %(points)s on %(cards)s, counted as for new "
                "points. No points expire sooner than they would have.",
                **facts,
            )
        if new.mode == INACTIVITY:
            return self.env._(
                "A full new period begins for %(points)s on %(cards)s: they expire on "
                "%(day)s at the earliest, later with every activity.",
                **facts,
            )
        return self.env._(
            "A full new period begins for %(points)s on %(cards)s: they expire on "
            "%(day)s, later where a tier extends it.",
            **facts,
        )

    def _format_cards(self, count):
        if count == 1:
            return self.env._("1 card")
        return self.env._("%(count)s cards", count=self._format_count(count))
