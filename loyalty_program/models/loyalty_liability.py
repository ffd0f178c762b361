import json
from datetime import date, datetime, time, timedelta

import pytz

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: Context key: the day, as YYYY-MM-DD, at whose end the report looks. It chooses what
#: is computed, never what may be seen. Without it the report shows this moment.
AS_OF = "loyalty_as_of"

#: Days far from any ledger, whose midnight no time zone pushes off the calendar.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)


class LoyaltyLiability(models.Model):
    """What the company owes in points: one row for each lot that is not used up.

    Of now, from what is left of the lots; of another day, from the entries up to it
    and what had been used by then. Rows sum up to the entries' points either way.
    """

    _name = "loyalty.liability"
    _description = "Loyalty Liability"
    _auto = False
    _order = "expires_on, id"
    _depends = {
        "loyalty.card": ["partner_id"],
        "loyalty.lot": ["remaining", "state", "expires_on"],
        "loyalty.program": [
            "company_id",
            "currency_id",
            "point_value",
            "program_type",
            "spend_until",
        ],
    }

    program_id = fields.Many2one(
        comodel_name="loyalty.program",
        string="Programme",
        readonly=True,
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Account",
        readonly=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        readonly=True,
    )
    entry_id = fields.Many2one(comodel_name="loyalty.ledger.entry", readonly=True)
    kind = fields.Selection(
        selection=[
            ("spendable", "Spendable"),
            ("pending", "Pending"),
            ("debt", "Owed by the customer"),
        ],
        string="State",
        readonly=True,
    )
    earned_on = fields.Datetime(string="Earned", readonly=True)
    available_on = fields.Date(string="Spendable from", readonly=True)
    expires_on = fields.Date(string="Expires", readonly=True)
    points = fields.Float(digits=0, readonly=True)
    value = fields.Monetary(
        help="Points at the programme's value of a point; an eWallet holds money.",
        readonly=True,
    )

    @property
    def _table_query(self):
        day = self.env.context.get(AS_OF)
        day = self._to_day(day) if day else None
        # SQL: what it reads is flushed by `_depends`; entries are written by SQL only.
        return SQL(
            """
            SELECT l.id, l.card_id, c.partner_id, l.entry_id, l.program_id,
                p.company_id, p.currency_id, l.kind, e.occurred_at AS earned_on,
                l.available_on, l.points, CASE WHEN l.kind <> 'debt' THEN
                    LEAST(COALESCE(l.expires_on, i.ends_on), p.spend_until)
                    END AS expires_on,
                l.points * CASE WHEN p.program_type = 'ewallet' THEN 1
                    ELSE COALESCE(p.point_value, 0) END AS value
            FROM (%(rest)s) l
            LEFT JOIN (%(ends)s) i ON i.card_id = l.card_id AND l.points > 0
            JOIN loyalty_ledger_entry e ON e.id = l.entry_id
            JOIN loyalty_card c ON c.id = l.card_id
            JOIN loyalty_program p ON p.id = l.program_id
            """,
            rest=self._query_rest_of(day) if day else self._query_rest(),
            ends=self._query_ends(day),
        )

    def _to_day(self, text):
        try:
            day = fields.Date.to_date(text)
        except (TypeError, ValueError) as error:
            raise self._refuse_day(text) from error
        if not FIRST_DAY <= day <= LAST_DAY:
            raise self._refuse_day(text)
        return day

    def _refuse_day(self, text):
        return UserError(self.env._("“%(text)s” is no date.", text=text))

    def _query_rest(self):
        return SQL(
            """
            SELECT id, card_id, entry_id, program_id, available_on, expires_on,
                remaining AS points,
                CASE WHEN remaining < 0 THEN 'debt' WHEN state = 'pending'
                    THEN 'pending' ELSE 'spendable' END AS kind
            FROM loyalty_lot WHERE remaining <> 0
            """
        )

    def _query_rest_of(self, day):
        # SQL: a use counts once both its sides have happened; so does what came back
        # for a spending that was never paid for.
        return SQL(
            """
            WITH cut AS (
                SELECT * FROM jsonb_to_recordset(%(cuts)s::jsonb)
                    AS c(program_id int, moment timestamp)
            ), known AS (
                SELECT e.id, e.reverses_id, e.points FROM loyalty_ledger_entry e
                JOIN cut ON cut.program_id = e.program_id
                    AND e.occurred_at < cut.moment
            ), lot AS (
                SELECT l.* FROM loyalty_lot l JOIN known ON known.id = l.entry_id
            ), used AS (
                SELECT u.lot_id, u.entry_id, u.points FROM loyalty_lot_use u
                JOIN known ON known.id = u.entry_id JOIN lot ON lot.id = u.lot_id
            ), change AS (
                SELECT lot_id AS id, -points AS points FROM used
                UNION ALL
                SELECT d.id, used.points FROM used
                JOIN lot d ON d.entry_id = used.entry_id AND d.points < 0
                UNION ALL
                SELECT d.id, r.points - COALESCE((SELECT SUM(b.points)
                    FROM loyalty_lot b WHERE b.entry_id = r.id), 0)
                FROM known r JOIN lot d ON d.entry_id = r.reverses_id AND d.points < 0
                WHERE r.points > 0
            ), rest AS (
                SELECT l.id, l.points + COALESCE(c.points, 0) AS points FROM lot l
                LEFT JOIN (SELECT id, SUM(points) AS points FROM change GROUP BY id) c
                    ON c.id = l.id
            )
            SELECT l.id, l.card_id, l.entry_id, l.program_id, l.available_on,
                l.expires_on, rest.points,
                CASE WHEN rest.points < 0 THEN 'debt'
                    WHEN l.available_on > %(day)s THEN 'pending'
                    ELSE 'spendable' END AS kind
            FROM rest JOIN loyalty_lot l ON l.id = rest.id WHERE rest.points <> 0
            """,
            cuts=json.dumps(self._prepare_cuts(day)),
            day=day,
        )

    def _prepare_cuts(self, day):
        """Return for each programme the moment, in UTC, at which its day ends."""
        # sudo: where the day of a programme ends is no secret; rows have their rules.
        programs = self.env["loyalty.program"].sudo().with_context(active_test=False)
        midnight = datetime.combine(day + timedelta(days=1), time())
        return [
            {
                "program_id": program.id,
                "moment": str(
                    program._get_timezone()
                    .localize(midnight)
                    .astimezone(pytz.utc)
                    .replace(tzinfo=None)
                ),
            }
            for program in programs.search([("is_managed", "=", True)])
        ]

    def action_view_entries(self):
        """Open all entries of the account behind this row."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty_program.loyalty_ledger_entry_action"
        )
        return {**action, "domain": [("card_id", "=", self.card_id.id)], "context": {}}

    def action_view_member(self):
        """Open the card behind this row."""
        self.ensure_one()
        form = self.env.ref("loyalty_program.loyalty_card_view_form_member")
        return self.card_id._get_records_action(views=[(form.id, "form")])
