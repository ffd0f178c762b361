from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime


class LoyaltyExperienceDate(models.Model):
    """So many places of an experience: on a date, or whenever it is arranged.

    Whoever asks for a place takes it at once, so that nobody is promised what another
    one has; it is free again when the request is declined or cancelled.
    """

    _name = "loyalty.experience.date"
    _description = "Date of an Experience"
    _order = "starts_at, id"

    reward_id = fields.Many2one(
        comodel_name="loyalty.reward",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="reward_id.program_id.company_id")
    starts_at = fields.Datetime(
        string="Begins",
        help="Empty: the day is arranged with each member.",
    )
    place = fields.Char(translate=True)
    capacity = fields.Integer(string="Places", default=10, required=True)
    taken = fields.Integer(default=0, required=True, readonly=True, copy=False)
    left = fields.Integer(string="Free", compute="_compute_left")
    active = fields.Boolean(default=True)
    claim_ids = fields.One2many(
        comodel_name="loyalty.reward.claim",
        inverse_name="experience_date_id",
        string="Requests",
        readonly=True,
    )

    _places_sane = models.Constraint(
        "CHECK (taken BETWEEN 0 AND capacity AND capacity <= 1000000)",
        "A date has a million places at most, and not fewer than members on it. "
        "Decline requests first.",
    )

    @api.depends("capacity", "taken")
    def _compute_left(self):
        for date in self:
            date.left = date.capacity - date.taken

    @api.depends("starts_at", "place", "reward_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for date in self:
            parts = [date._format_start(), date.place]
            date.display_name = ", ".join(part for part in parts if part)

    def _format_start(self):
        if not self.starts_at:
            return self.env._("Day by arrangement")
        # sudo: the programme's time zone is no secret.
        zone = self.sudo().reward_id.program_id._get_timezone()
        return format_datetime(
            self.env, self.starts_at, tz=zone.zone, dt_format="d MMMM y, HH:mm"
        )

    @api.model_create_multi
    def create(self, vals_list):
        # Nobody is on a date that did not exist.
        return super().create([{**vals, "taken": 0} for vals in vals_list])

    def write(self, vals):
        if {"taken", "reward_id"} & set(vals) and not self.env.su:
            raise UserError(
                self.env._("Places are taken by requests, and by nothing else.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_requested(self):
        if self.claim_ids:
            raise UserError(
                self.env._("Members asked for this date. Archive it instead.")
            )

    # === Who may ===

    def _is_open(self):
        """Tell whether the date lies ahead, full or not."""
        self.ensure_one()
        return self.active and (
            not self.starts_at or self.starts_at > fields.Datetime.now()
        )

    def _explain_no_place(self):
        """Return why nobody gets a place now, or None."""
        self.ensure_one()
        if not self._is_open():
            return self.env._(
                "“%(date)s” is not on offer any more.", date=self.display_name
            )
        if self.left > 0:
            return None
        if not self.capacity:
            return self.env._(
                "“%(date)s” has no places at present.", date=self.display_name
            )
        if self.capacity == 1:
            return self.env._(
                "The only place of “%(date)s” is taken.", date=self.display_name
            )
        return self.env._(
            "All %(count)s places of “%(date)s” are taken.",
            count=self.capacity,
            date=self.display_name,
        )

    def _take_place(self):
        """Take a place, or say that there is none.

        :raise UserError: no place is left
        """
        self.ensure_one()
        self.flush_recordset()
        # SQL: of two who want the last place, one waits for the other and finds none.
        rows = self.env.execute_query(
            SQL(
                """UPDATE loyalty_experience_date SET taken = taken + 1
                   WHERE id = %s AND taken < capacity RETURNING id""",
                self.id,
            )
        )
        self.invalidate_recordset(["taken", "left"])
        if not rows:
            raise UserError(self._explain_no_place())

    def _free_place(self):
        self.flush_recordset()
        # SQL: the count of the database, not of this cache.
        self.env.cr.execute(
            SQL(
                """UPDATE loyalty_experience_date SET taken = taken - 1
                   WHERE id = ANY(%s)""",
                self.ids,
            )
        )
        self.invalidate_recordset(["taken", "left"])
