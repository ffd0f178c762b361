from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..engine.reminders import reminder_steps
from .loyalty_reminder_mixin import BATCH


class LoyaltyCouponReminder(models.Model):
    """A customer was told, once, that a coupon of theirs ends on a day.

    Rows of one customer, one programme and one moment are one mail. The programme is
    the one that the member belongs to, or the coupon's own where no points bought it.
    """

    _name = "loyalty.coupon.reminder"
    _description = "Coupon Reminder"
    _inherit = ["loyalty.reminder.mixin"]
    _reminder_template = "loyalty_program.mail_template_coupon_reminder"
    _order = "expires_on, id"
    _log_access = False

    coupon_id = fields.Many2one(
        comodel_name="loyalty.card",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    program_id = fields.Many2one(
        comodel_name="loyalty.program",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="program_id.company_id")
    expires_on = fields.Date(required=True, readonly=True)
    reminded_at = fields.Datetime(required=True, readonly=True)

    _once = models.UniqueIndex(
        "(coupon_id, expires_on)",
        "A coupon's end is told once.",
    )

    def _get_lines(self):
        """Return what this mail tells, the soonest first.

        :return: list of dicts with ``gift``, ``code`` and ``day`` as text
        """
        self.ensure_one()
        reminders = self.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("program_id", "=", self.program_id.id),
                ("reminded_at", "=", self.reminded_at),
            ]
        )
        return [
            {
                "gift": reminder.coupon_id.program_id.reward_ids[:1].description,
                "code": reminder.coupon_id.code,
                "day": format_date(self.env, reminder.expires_on),
            }
            for reminder in reminders
        ]

    @api.model
    def _run_reminders(self):
        """Yield after each batch of customers whose mails are queued."""
        # The statements below read customers, cards and the blacklist.
        self.env.flush_all()
        programs = self.env["loyalty.program"].search(
            [("coupon_reminder_days", ">", 0)], order="id"
        )
        for program in programs:
            yield from self._run_apart(program, self._remind(program))

    def _remind(self, program):
        last_id = 0
        while rows := self.env.execute_query(self._query_remind(program, last_id)):
            last_id = max(partner_id for _id, partner_id in rows)
            self.browse(row[0] for row in rows)._send()
            yield rows

    def _query_remind(self, program, after):
        # SQL: a customer of whom a coupon ends soon is told of those that end soon
        # after as well, so that who has many is not written to every day.
        (step,) = reminder_steps(
            program._get_local_date(), 0, program.coupon_reminder_days
        )
        return SQL(
            """
            WITH untold AS (
                SELECT c.id, c.expiration_date, p.id AS partner_id
                FROM loyalty_card c
                JOIN loyalty_program o ON o.id = c.program_id
                LEFT JOIN loyalty_card m ON m.id = c.source_card_id
                JOIN res_partner p ON p.id = COALESCE(c.partner_id, m.partner_id)
                WHERE c.expiration_date BETWEEN %(low)s AND %(until)s
                    AND (c.partner_id IS NOT NULL OR c.source_card_id IS NOT NULL)
                    AND COALESCE(m.program_id, c.program_id) = %(program)s
                    AND o.program_type = 'coupons' AND o.active
                    AND c.active AND c.voided_on IS NULL AND c.points > 0
                    AND c.points >= (
                        SELECT COALESCE(MIN(r.required_points), 1)
                        FROM loyalty_reward r WHERE r.program_id = o.id AND r.active)
                    AND (m.id IS NULL OR m.active AND m.member_state = 'joined')
                    AND %(reachable)s
                    AND NOT EXISTS (
                        SELECT FROM loyalty_coupon_reminder r
                        WHERE r.coupon_id = c.id AND r.expires_on = c.expiration_date)
            ), told AS (
                SELECT DISTINCT partner_id FROM untold
                WHERE expiration_date <= %(due)s AND partner_id > %(after)s
                ORDER BY partner_id LIMIT %(batch)s
            )
            INSERT INTO loyalty_coupon_reminder (
                coupon_id, program_id, partner_id, expires_on, reminded_at)
            SELECT id, %(program)s, partner_id, expiration_date, %(now)s
            FROM untold JOIN told USING (partner_id)
            ON CONFLICT (coupon_id, expires_on) DO NOTHING
            RETURNING id, partner_id
            """,
            program=program.id,
            after=after,
            low=step.low,
            due=step.due,
            until=step.until,
            reachable=self._sql_may_be_reminded(SQL("p")),
            batch=BATCH,
            now=fields.Datetime.now(),
        )

    def _send(self):
        """Queue one mail for each customer, and note it on the coupons."""
        leads = self.browse(
            min(rows.ids) for _partner, rows in self.grouped("partner_id").items()
        )
        failed = leads._send_mails().partner_id
        untold = self.filtered(lambda reminder: reminder.partner_id in failed)
        coupons = (self - untold).coupon_id
        untold.unlink()
        text = self.env._("The customer was reminded that the coupon ends soon.")
        coupons._message_log_batch(dict.fromkeys(coupons.ids, text))


class LoyaltyProgram(models.Model):
    """When customers are reminded of coupons that end."""

    _inherit = "loyalty.program"

    coupon_reminder_days = fields.Integer(
        string="Remind of coupons (days before)",
        help="Customers with unused coupons that end soon get one mail about them, so "
        "many days before. 0: none.",
        compute="_compute_coupon_reminder_days",
        store=True,
        readonly=False,
        precompute=True,
    )

    _coupon_reminder_sane = models.Constraint(
        "CHECK (coupon_reminder_days BETWEEN 0 AND 366)",
        "Customers are reminded of a coupon up to 366 days before it ends.",
    )

    @api.depends("ledger_policy")
    def _compute_coupon_reminder_days(self):
        # Odoo's own coupon programmes write to nobody unless somebody asks for it.
        for program in self:
            program.coupon_reminder_days = 7 if program.ledger_policy == "strict" else 0


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    # For the nightly look at what ends; coupons of nobody are not in it.
    _expiration_index = models.Index(
        """(expiration_date) WHERE expiration_date IS NOT NULL
            AND (partner_id IS NOT NULL OR source_card_id IS NOT NULL)"""
    )

    def _erase_traces(self):
        self.env["loyalty.coupon.reminder"].search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("program_id", "in", self.program_id.ids),
            ]
        ).unlink()
        # They tell whom the coupon was issued and sent to.
        self.with_context(active_test=False).issued_coupon_ids.message_ids.unlink()
        return super()._erase_traces()
