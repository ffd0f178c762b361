import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date, formatLang

from ..engine.expiry import INACTIVITY
from ..engine.reminders import FIRST, LAST
from .loyalty_reminder_mixin import BATCH


class LoyaltyExpiryReminder(models.Model):
    """A member was told, once, that points lapse on a day.

    Rows of one card and one moment are one mail.
    """

    _name = "loyalty.expiry.reminder"
    _description = "Loyalty Expiry Reminder"
    _inherit = ["loyalty.reminder.mixin"]
    _reminder_template = "loyalty_program.mail_template_expiry_reminder"
    _order = "expires_on, id"
    _log_access = False

    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    program_id = fields.Many2one(related="card_id.program_id")
    partner_id = fields.Many2one(related="card_id.partner_id")
    company_id = fields.Many2one(related="card_id.company_id")
    expires_on = fields.Date(required=True, readonly=True)
    step = fields.Selection(
        selection=[(FIRST, "First"), (LAST, "Last")],
        required=True,
        readonly=True,
    )
    points = fields.Float(digits=0, required=True, readonly=True)
    reminded_at = fields.Datetime(required=True, readonly=True)

    _once = models.UniqueIndex(
        "(card_id, expires_on, step)",
        "A member is reminded once of a day.",
    )

    # === The mail ===

    def _get_lines(self):
        """Return what this mail tells, the soonest first.

        :return: list of dicts with ``points`` and ``day`` as text
        """
        self.ensure_one()
        reminders = self.search(
            [
                ("card_id", "=", self.card_id.id),
                ("reminded_at", "=", self.reminded_at),
            ]
        )
        points = {reminder.expires_on: reminder.points for reminder in reminders}
        digits = self.program_id.points_scale
        return [
            {
                "points": formatLang(self.env, amount, digits=digits),
                "day": format_date(self.env, day),
            }
            for day, amount in sorted(points.items())
        ]

    def _get_point_name(self):
        """Return what the programme calls its points."""
        return self.program_id.portal_point_name or self.env._("points")

    def _list_reward_words(self):
        """Return what the points are good for, in the customer's language."""
        return self.program_id._list_reward_words(self.card_id)

    def _send(self):
        """Queue one mail for each card of these rows."""
        leads = self.browse(
            min(rows.ids) for _card, rows in self.grouped("card_id").items()
        )
        failed = leads._send_mails().card_id
        self.filtered(lambda reminder: reminder.card_id in failed).unlink()

    # === The daily work ===

    @api.model
    def _run_reminders(self):
        """Yield after each batch of members whose mails are queued."""
        # The statements below read customers, cards and the blacklist.
        self.env.flush_all()
        programs = self.env["loyalty.program"].search(
            Domain("is_managed", "=", True)
            & (
                Domain("expiry_mode", "!=", "never")
                | Domain("spend_until", "!=", False)
            ),
            order="id",
        )
        for program in programs:
            steps = program._get_reminder_steps()
            if not steps:
                continue
            finds = [self._find_dated]
            if program.expiry_mode == INACTIVITY:
                finds.append(self._find_inactive)
            for find in finds:
                yield from self._run_apart(program, self._remind(program, steps, find))

    def _remind(self, program, steps, find):
        """Remind the members that ``find`` finds.

        :param find: function of programme, last day asked for and card id to begin
            after; returns (the last card id looked at or None, query of card_id, day
            and points)
        """
        until = max(step.until for step in steps)
        last_id = 0
        while True:
            last_id, dated = find(program, until, last_id)
            if not last_id:
                return
            rows = self.env.execute_query(self._query_remind(program, steps, dated))
            if rows:
                self.browse(row[0] for row in rows)._send()
            yield rows

    def _find_dated(self, program, until, after):
        today, last = program._get_local_date(), program.spend_until or None
        # SQL: with the programme all points end. What inactivity ends is found apart.
        day = SQL("LEAST(l.expires_on, %s::date)", last)
        window = SQL(
            """l.state = 'open' AND l.remaining > 0 AND %s BETWEEN %s AND %s AND %s""",
            day,
            today,
            until,
            SQL("l.expires_on IS NOT NULL")
            if program.expiry_mode == INACTIVITY
            else SQL("true"),
        )
        # SQL: the ORM's cache holds no lots. Accounts that another worker is at are
        # that worker's.
        cards = self.env.execute_query(
            SQL(
                """
                SELECT c.id FROM loyalty_card c
                WHERE c.program_id = %s AND c.id > %s
                    AND (c.member_state = 'joined' OR EXISTS (
                        SELECT FROM loyalty_card m WHERE m.account_id = c.id))
                    AND EXISTS (
                        SELECT FROM loyalty_lot l WHERE l.card_id = c.id AND %s)
                ORDER BY c.id LIMIT %s
                FOR NO KEY UPDATE OF c SKIP LOCKED
                """,
                program.id,
                after,
                window,
                BATCH,
            )
        )
        if not cards:
            return None, None
        return cards[-1][0], SQL(
            """
            SELECT l.card_id, %s AS day, SUM(l.remaining) AS points
            FROM loyalty_lot l WHERE l.card_id = ANY(%s) AND %s GROUP BY 1, 2
            """,
            day,
            [row[0] for row in cards],
            window,
        )

    def _find_inactive(self, program, until, after):
        today, last = program._get_local_date(), program.spend_until
        # With the programme the points of all end, however active they were.
        ends_all = bool(last) and last <= until
        border = None if ends_all else until + timedelta(days=1)
        # sudo: the ledger is closed to everybody but the service.
        ledger = self.env["loyalty.ledger"].sudo()
        rows = ledger._note_activity(program, border, after)
        if not rows:
            return None, None
        ends = [
            {"card_id": card_id, "day": str(end)}
            for card_id, day, extra in rows
            if today <= (end := self._get_end(program, day, extra)) <= until
        ]
        return rows[-1][0], SQL(
            """
            SELECT l.card_id, r.day, SUM(l.remaining) AS points
            FROM jsonb_to_recordset(%s::jsonb) AS r(card_id int, day date)
            JOIN loyalty_lot l ON l.card_id = r.card_id
            WHERE l.state = 'open' AND l.remaining > 0 AND l.expires_on IS NULL
            GROUP BY 1, 2
            """,
            json.dumps(ends),
        )

    @api.model
    def _get_end(self, program, active_on, extra):
        end = program._get_inactivity_end(active_on, extra)
        return min(end, program.spend_until or end)

    def _query_remind(self, program, steps, dated):
        # SQL: a step is new for a card when a day of it is due that the card was not
        # told of; then it tells of the days soon after as well. Of what members share
        # everybody is told who may spend it.
        return SQL(
            """
            WITH account AS (%(dated)s), dated AS (
                SELECT c.id AS card_id, a.day, a.points FROM account a
                JOIN loyalty_card c ON c.id = a.card_id
                UNION ALL
                SELECT m.id, a.day, a.points FROM account a
                JOIN loyalty_card m ON m.account_id = a.card_id
                LEFT JOIN loyalty_pool o ON o.account_id = a.card_id
                WHERE o.spending IS DISTINCT FROM 'owner' OR o.owner_id = m.id
            ), step AS (
                SELECT * FROM jsonb_to_recordset(%(steps)s::jsonb)
                    AS s(name varchar, low date, due date, until date)
            ), untold AS (
                SELECT d.card_id, d.day, d.points, s.name, s.due
                FROM dated d
                JOIN step s ON d.day BETWEEN s.low AND s.until
                JOIN loyalty_card c ON c.id = d.card_id
                JOIN res_partner p ON p.id = c.partner_id
                WHERE c.active AND c.member_state = 'joined' AND %(reachable)s
                    AND NOT EXISTS (
                        SELECT FROM loyalty_expiry_reminder r
                        WHERE r.card_id = d.card_id AND r.expires_on = d.day
                            AND r.step = s.name)
            )
            INSERT INTO loyalty_expiry_reminder (
                card_id, expires_on, step, points, reminded_at)
            SELECT u.card_id, u.day, u.name, u.points, %(now)s
            FROM untold u
            WHERE EXISTS (
                SELECT FROM untold x WHERE x.card_id = u.card_id AND x.name = u.name
                    AND x.day <= x.due)
            ON CONFLICT (card_id, expires_on, step) DO NOTHING
            RETURNING id
            """,
            dated=dated,
            reachable=self._sql_may_be_reminded(SQL("p")),
            steps=json.dumps([vars(step) for step in steps], default=str),
            now=fields.Datetime.now(),
        )
