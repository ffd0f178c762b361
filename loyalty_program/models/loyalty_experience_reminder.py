from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

from .loyalty_reminder_mixin import BATCH


class LoyaltyExperienceReminder(models.Model):
    """A member was reminded, once, of an experience that begins soon.

    One that was moved to another time begins anew.
    """

    _name = "loyalty.experience.reminder"
    _description = "Experience Reminder"
    _inherit = ["loyalty.reminder.mixin"]
    _reminder_template = "loyalty_program.mail_template_experience_reminder"
    _order = "starts_at, id"
    _log_access = False

    claim_id = fields.Many2one(
        comodel_name="loyalty.reward.claim",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(related="claim_id.partner_id")
    company_id = fields.Many2one(related="claim_id.company_id")
    starts_at = fields.Datetime(required=True, readonly=True)
    reminded_at = fields.Datetime(required=True, readonly=True)

    _once = models.UniqueIndex(
        "(claim_id, starts_at)",
        "A member is reminded of a date once.",
    )

    @api.model
    def _run_reminders(self):
        """Yield after each batch of members whose mails are queued."""
        # The statements below read claims, contacts and the blacklist.
        self.env.flush_all()
        rewards = self.env["loyalty.reward"].search(
            [("reward_type", "=", "experience"), ("reminder_days", ">", 0)],
            order="id",
        )
        for reward in rewards:
            yield from self._run_apart(reward, self._remind(reward))

    def _remind(self, reward):
        last_id = 0
        while rows := self.env.execute_query(self._query_remind(reward, last_id)):
            last_id = max(claim_id for _id, claim_id in rows)
            reminders = self.browse(row[0] for row in rows)
            failed = reminders._send_mails()
            reminders -= failed
            failed.unlink()
            text = self.env._("The member was reminded of the date.")
            claims = reminders.claim_id
            claims._message_log_batch(dict.fromkeys(claims.ids, text))
            yield rows

    def _query_remind(self, reward, after):
        # SQL: of those who are expected, the ones who were not told of this time yet.
        return SQL(
            """
            INSERT INTO loyalty_experience_reminder (claim_id, starts_at, reminded_at)
            SELECT c.id, c.starts_at, %(now)s
            FROM loyalty_reward_claim c
            JOIN res_partner p ON p.id = c.partner_id
            WHERE c.reward_id = %(reward)s AND c.state = 'approved'
                AND c.id > %(after)s
                AND c.starts_at > %(now)s AND c.starts_at < %(until)s
                AND %(reachable)s
                AND NOT EXISTS (
                    SELECT FROM loyalty_experience_reminder r
                    WHERE r.claim_id = c.id AND r.starts_at = c.starts_at)
            ORDER BY c.id LIMIT %(batch)s
            ON CONFLICT (claim_id, starts_at) DO NOTHING
            RETURNING id, claim_id
            """,
            now=fields.Datetime.now(),
            until=self._get_end_of(reward),
            reward=reward.id,
            after=after,
            reachable=self._sql_may_be_reminded(SQL("p")),
            batch=BATCH,
        )

    @api.model
    def _get_end_of(self, reward):
        """Return the end of the last day whose dates are due, UTC."""
        program = reward.program_id
        after = program._get_local_date() + timedelta(days=reward.reminder_days + 1)
        midnight = program._get_timezone().localize(datetime.combine(after, time()))
        return midnight.astimezone(pytz.utc).replace(tzinfo=None)


class LoyaltyReward(models.Model):
    _inherit = "loyalty.reward"

    reminder_days = fields.Integer(
        string="Remind (days before)",
        help="Members whose place is approved get one mail, so many days before it "
        "begins. 0: none.",
        default=2,
    )

    _reminder_days_sane = models.Constraint(
        "CHECK (reminder_days BETWEEN 0 AND 366)",
        "Members are reminded of an experience up to 366 days before it begins.",
    )


class LoyaltyRewardClaim(models.Model):
    _inherit = "loyalty.reward.claim"

    # For the nightly look at what begins soon.
    _expected_index = models.Index("(reward_id, starts_at) WHERE state = 'approved'")
    # For the queues of one kind, by their state.
    _queue_index = models.Index("(kind, state)")
