from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..engine import tier_path
from ..engine.tier_path import ANNIVERSARY, YEAR, TierPolicy


class LoyaltyEntitlement(models.Model):
    """Something that members may have so many times a year: a tour, a seat, a check."""

    _name = "loyalty.entitlement"
    _description = "Loyalty Entitlement"
    _order = "program_id, name, id"

    name = fields.Char(required=True, translate=True)
    program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Programme",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("program_type", "=", "loyalty")],
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True)
    active = fields.Boolean(default=True)
    period = fields.Selection(
        selection=[(YEAR, "Calendar year"), (ANNIVERSARY, "Year of membership")],
        string="Counted by",
        default=YEAR,
        required=True,
    )

    def _get_period(self, card, day):
        """Return (first day, last day) of the year of ``card`` that ``day`` lies in."""
        policy = TierPolicy(levels=(), window=self.period)
        joined_on = card.joined_on or day
        return (
            tier_path.period_start(policy, day, joined_on),
            tier_path.period_end(policy, day, joined_on),
        )


class LoyaltyEntitlementUse(models.Model):
    """One time that a member had something, counted by its number in the year."""

    _name = "loyalty.entitlement.use"
    _description = "Entitlement Taken"
    _order = "taken_on desc, id desc"

    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Member",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="card_id.company_id", store=True)
    entitlement_id = fields.Many2one(
        comodel_name="loyalty.entitlement",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    period_start = fields.Date(required=True, readonly=True)
    number = fields.Integer(required=True, readonly=True)
    taken_on = fields.Date(string="Date", required=True, readonly=True)
    taken_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Entered by",
        readonly=True,
        ondelete="restrict",
    )
    note = fields.Char(readonly=True)
    undone_at = fields.Datetime(string="Undone", readonly=True)
    undone_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Undone by",
        readonly=True,
        ondelete="restrict",
    )

    _once = models.UniqueIndex(
        "(card_id, entitlement_id, period_start, number) WHERE undone_at IS NULL",
        "This one has been taken already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_outside()
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_outside()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_by_suite(self):
        self._refuse_outside()

    def _refuse_outside(self):
        if not self.env.su:
            raise AccessError(
                self.env._("What members took is entered and undone on the member.")
            )

    def action_undo(self):
        """Give back what was entered by mistake; the row stays and tells so."""
        if not self.env.user.has_group("loyalty_program.group_loyalty_user"):
            raise AccessError(self.env._("Only loyalty users may undo this."))
        self.card_id.check_access("read")
        # sudo: rows are written by the suite's own methods; rights are checked above.
        self.filtered(lambda use: not use.undone_at).sudo().write(
            {"undone_at": fields.Datetime.now(), "undone_by_id": self.env.uid}
        )


class LoyaltyTierBenefit(models.Model):
    """So many times a year of an entitlement."""

    _inherit = "loyalty.tier.benefit"

    kind = fields.Selection(
        selection_add=[("entitlement", "Event or service, so many times a year")],
        ondelete={"entitlement": "cascade"},
    )
    entitlement_id = fields.Many2one(
        comodel_name="loyalty.entitlement",
        string="Event or service",
        ondelete="restrict",
        domain="[('program_id', '=', program_id)]",
    )
    entitlement_count = fields.Integer(string="Times a year", default=1)

    _entitlement_sane = models.Constraint(
        """CHECK (kind <> 'entitlement'
            OR (entitlement_id IS NOT NULL
                AND entitlement_count BETWEEN 1 AND 1000))""",
        "Say what the members may have, and how often: 1 to 1000 times a year.",
    )

    def _describe(self):
        if self.kind != "entitlement":
            return super()._describe()
        facts = {"name": self.entitlement_id.name, "count": self.entitlement_count}
        if self.entitlement_id.period == ANNIVERSARY:
            return self.env._("%(name)s: %(count)s per year of membership.", **facts)
        return self.env._("%(name)s: %(count)s per calendar year.", **facts)

    @api.constrains("entitlement_id", "tier_id", "kind")
    def _check_entitlement_program(self):
        for benefit in self.filtered("entitlement_id"):
            if benefit.entitlement_id.program_id != benefit.program_id:
                raise UserError(
                    self.env._(
                        "“%(name)s” belongs to another programme.",
                        name=benefit.entitlement_id.name,
                    )
                )


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    entitlement_use_ids = fields.One2many(
        comodel_name="loyalty.entitlement.use",
        inverse_name="card_id",
        readonly=True,
    )
    entitlement_words = fields.Text(
        string="Events and services",
        compute="_compute_entitlement_words",
    )

    @api.depends("tier_id", "member_state", "entitlement_use_ids.undone_at")
    @api.depends_context("lang")
    def _compute_entitlement_words(self):
        for card in self:
            card.entitlement_words = "\n".join(
                self.env._("%(name)s: %(left)s of %(count)s left", **facts)
                for facts in card._get_entitlements()
            )

    def _get_entitlements(self, day=None):
        """Return what the member may have in the year of ``day``, of today without one.

        :return: list of dicts: entitlement, name, count, used, left, until (last day)
        """
        self.ensure_one()
        day = day or self.program_id._get_local_date()
        result = []
        for benefit in self._get_benefits("entitlement"):
            entitlement = benefit.entitlement_id.with_context(lang=self.env.lang)
            first, last = entitlement._get_period(self, day)
            used = len(self._list_taken(entitlement, first))
            result.append(
                {
                    "entitlement": entitlement,
                    "name": entitlement.name,
                    "count": benefit.entitlement_count,
                    "used": used,
                    "left": max(benefit.entitlement_count - used, 0),
                    "until": last,
                }
            )
        return result

    def _list_taken(self, entitlement, period_start):
        """Return the numbers taken in the year that begins on ``period_start``.

        One that was taken with a merged card counts as well, be it the same number.
        """
        uses = self.env["loyalty.entitlement.use"]
        uses.flush_model()
        # SQL: how many are left is the member's own fact, whoever looks.
        query = SQL(
            """SELECT number FROM loyalty_entitlement_use
               WHERE card_id IN (%s) AND entitlement_id = %s AND period_start = %s
                   AND undone_at IS NULL""",
            self._sql_own_cards(),
            entitlement.id,
            period_start,
        )
        return [row[0] for row in self.env.execute_query(query)]

    def _take_entitlement(self, entitlement, day=None, note=None):
        """Enter that the member had it once.

        Who takes the same one at the same moment is tried again by the server and
        then finds it taken.

        :raise UserError: none is left, or the day lies outside the membership
        """
        self.ensure_one()
        today = self.program_id._get_local_date()
        day = day or today
        if day > today or (self.joined_on and day < self.joined_on):
            raise UserError(self.env._("Choose a day between joining and today."))
        facts = next(
            (
                facts
                for facts in self._get_entitlements(day)
                if facts["entitlement"] == entitlement
            ),
            None,
        )
        if not facts or not facts["left"]:
            raise UserError(
                self.env._(
                    "%(member)s has none left of “%(name)s”.",
                    member=self.partner_id.name,
                    name=entitlement.name,
                )
            )
        first, _last = entitlement._get_period(self, day)
        taken = self._list_taken(entitlement, first)
        number = next(n for n in range(1, facts["count"] + 1) if n not in taken)
        rows = self.env.execute_query(
            self._query_take(entitlement, (first, number, day), note)
        )
        self.env["loyalty.entitlement.use"].invalidate_model()
        self.invalidate_recordset(["entitlement_use_ids", "entitlement_words"])
        return self.env["loyalty.entitlement.use"].browse(row[0] for row in rows)

    def _query_take(self, entitlement, slot, note):
        # SQL: the unique index decides between two who take the last one; the ORM
        # would report that as an error instead of trying again.
        first, number, day = slot
        return SQL(
            """
            INSERT INTO loyalty_entitlement_use (
                card_id, company_id, entitlement_id, period_start, number, taken_on,
                taken_by_id, note, create_uid, create_date, write_uid, write_date)
            VALUES (%(card)s, %(company)s, %(entitlement)s, %(first)s, %(number)s,
                %(day)s, %(user)s, %(note)s, %(user)s, %(now)s, %(user)s, %(now)s)
            ON CONFLICT (card_id, entitlement_id, period_start, number)
                WHERE undone_at IS NULL DO NOTHING
            RETURNING id
            """,
            card=self.id,
            company=self.company_id.id or None,
            entitlement=entitlement.id,
            first=first,
            number=number,
            day=day,
            user=self.env.uid,
            note=note or None,
            now=fields.Datetime.now(),
        )
