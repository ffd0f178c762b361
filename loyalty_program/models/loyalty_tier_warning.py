from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from .loyalty_reminder_mixin import BATCH


class LoyaltyTierWarning(models.Model):
    """A member was told, before a review, that a tier is about to be lost.

    Once, as long as nothing changes. Who had enough, or bought it after the mail, and
    falls short again before the review, because a purchase was given back, is told
    anew: at most once a day, as the work is done daily.
    """

    _name = "loyalty.tier.warning"
    _description = "Tier Warning"
    _inherit = ["loyalty.reminder.mixin"]
    _reminder_template = "loyalty_program.mail_template_tier_warning"
    _order = "review_on desc, id desc"
    _log_access = False

    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Member",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    program_id = fields.Many2one(related="card_id.program_id")
    partner_id = fields.Many2one(related="card_id.partner_id")
    company_id = fields.Many2one(related="card_id.company_id")
    tier_id = fields.Many2one(
        comodel_name="loyalty.tier", required=True, readonly=True, ondelete="cascade"
    )
    review_on = fields.Date(string="Decided on", required=True, readonly=True)
    is_sent = fields.Boolean(
        string="Knows it",
        help="The member was told what is missing. Off: at the last look nothing was "
        "missing to keep the tier.",
        readonly=True,
    )
    seen_count = fields.Integer(
        string="Entries seen",
        help="How many entries the member had at the last look: only where there are "
        "more is there anything new.",
        readonly=True,
    )

    _once = models.UniqueIndex(
        "(card_id, tier_id, review_on)",
        "A member is warned once of a review.",
    )

    # === The mail ===

    def _get_missing_words(self):
        """Return what is missing to keep the tier, such as "2 orders"."""
        self.ensure_one()
        return self.card_id._describe_tier_missing(self.card_id._get_tier_facts())

    def _get_day(self):
        return format_date(self.env, self.review_on)

    # === The daily work ===

    @api.model
    def _cron_warn(self):
        """Warn all members of all programmes, committing after each batch."""
        self._cron_remind()

    @api.model
    def _run_reminders(self):
        """Yield after each batch of members whose mails are queued."""
        # The statements below read customers, cards and the blacklist.
        self.env.flush_all()
        programs = self.env["loyalty.program"].search(
            Domain("is_managed", "=", True) & Domain("tier_warning_days", ">", 0),
            order="id",
        )
        for program in programs.filtered("tier_ids"):
            yield from self._run_apart(program, self._warn(program))

    def _warn(self, program):
        last_id = 0
        while rows := self.env.execute_query(self._query_warn(program, last_id)):
            last_id = max(card_id for _id, card_id in rows)
            self.browse(sorted(row[0] for row in rows))._send()
            yield rows
        last_id = 0
        while rows := self.env.execute_query(self._query_look_again(program, last_id)):
            last_id = max(row[0] for row in rows)
            self.invalidate_model(["seen_count"])
            self.browse(sorted(row[0] for row in rows))._send()
            self.env.flush_all()
            yield rows

    def _query_warn(self, program, after):
        # SQL: a row for each review that comes near, of members who may be written to.
        # Members whom another worker is at are that worker's.
        today = program._get_local_date()
        return SQL(
            """
            WITH due AS (
                SELECT c.id, c.tier_id, c.tier_review_on FROM loyalty_card c
                JOIN res_partner p ON p.id = c.partner_id
                WHERE c.program_id = %(program)s AND c.active AND c.id > %(after)s
                    AND c.member_state = 'joined' AND c.tier_id IS NOT NULL
                    AND c.tier_review_on BETWEEN %(today)s AND %(until)s
                    AND %(reachable)s
                    AND NOT EXISTS (
                        SELECT FROM loyalty_tier_warning w
                        WHERE w.card_id = c.id AND w.tier_id = c.tier_id
                            AND w.review_on = c.tier_review_on)
                ORDER BY c.id LIMIT %(batch)s FOR NO KEY UPDATE OF c SKIP LOCKED
            )
            INSERT INTO loyalty_tier_warning (
                card_id, tier_id, review_on, is_sent, seen_count)
            SELECT id, tier_id, tier_review_on, FALSE, (
                SELECT COUNT(*) FROM loyalty_ledger_entry e
                WHERE e.member_card_id = due.id) FROM due
            ON CONFLICT (card_id, tier_id, review_on) DO NOTHING
            RETURNING id, card_id
            """,
            program=program.id,
            after=after,
            reachable=self._sql_may_be_reminded(SQL("p")),
            today=today,
            until=today + timedelta(days=program.tier_warning_days),
            batch=BATCH,
        )

    def _query_look_again(self, program, after):
        """Return the query of reviews to come of members of whom there is news."""
        # SQL: only who has more entries than at the last look is looked at. Entries are
        # never deleted, and one that was not committed then is one more now.
        return SQL(
            """
            UPDATE loyalty_tier_warning n SET seen_count = news.entries
            FROM (
                SELECT w.id, e.entries FROM loyalty_tier_warning w
                JOIN loyalty_card c ON c.id = w.card_id AND c.tier_id = w.tier_id
                    AND c.tier_review_on = w.review_on
                JOIN res_partner p ON p.id = c.partner_id
                CROSS JOIN LATERAL (
                    SELECT COUNT(*) AS entries FROM loyalty_ledger_entry e
                    WHERE e.member_card_id = c.id
                ) e
                WHERE c.program_id = %(program)s AND c.active AND w.id > %(after)s
                    AND c.member_state = 'joined' AND w.review_on >= %(today)s
                    AND w.seen_count IS DISTINCT FROM e.entries AND %(reachable)s
                ORDER BY w.id LIMIT %(batch)s FOR NO KEY UPDATE OF w SKIP LOCKED
            ) news
            WHERE n.id = news.id RETURNING n.id
            """,
            program=program.id,
            after=after,
            today=program._get_local_date(),
            reachable=self._sql_may_be_reminded(SQL("p")),
            batch=BATCH,
        )

    def _send(self):
        """Queue a mail to each member who would lose the tier and does not know it.

        The card's day of review may be older than what was bought since: what the
        replay says now decides.
        """
        facts = self.card_id._collect_tier_facts()
        needy = self.filtered(
            lambda warning: (
                facts[warning.card_id]["keep_missing"]
                and facts[warning.card_id]["keep_until"] == warning.review_on
            )
        )
        unaware = needy.filtered(lambda warning: not warning.is_sent)
        (self - needy).is_sent = False
        unaware.is_sent = True
        unaware._send_mails().unlink()


class LoyaltyProgram(models.Model):
    """When members hear of their tier."""

    _inherit = "loyalty.program"

    tier_warning_days = fields.Integer(
        string="Warn (days before)",
        help="Members who would lose their tier get a mail that says what is missing "
        "by when, so many days before. 0: none.",
        default=30,
    )
    tier_mail = fields.Boolean(
        string="Congratulate",
        help="Members get a mail when they reach a tier.",
    )

    _tier_warning_sane = models.Constraint(
        "CHECK (tier_warning_days BETWEEN 0 AND 366)",
        "Members are warned up to a year before.",
    )

    def _write_tiers(self, moves, reviews, changes, today):
        result = super()._write_tiers(moves, reviews, changes, today)
        if self.tier_mail:
            reached = [row["card_id"] for row in changes if row["cause"] == "up"]
            # sudo: the mail follows from the move, whoever made the purchase.
            self.env["loyalty.card"].sudo().browse(reached)._congratulate()
        return result


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _congratulate(self):
        """Queue a mail to the members who have just reached a tier."""
        happy = self.filtered(
            lambda card: card.member_state == "joined" and card.partner_id.email
        )
        if happy:
            template = self.env.ref("loyalty_program.mail_template_tier_reached")
            template.send_mail_batch(happy.ids)
