from odoo import api, models
from odoo.tools import SQL

#: Members of one step: each gets a mail that has to be rendered.
BATCH = 200


class LoyaltyReminderMixin(models.AbstractModel):
    """A mail of the nightly work to members, sent once.

    A row of the model is the promise not to send it again; it is written together with
    the mail, so that neither a crash nor a second worker makes two mails or none.
    """

    _name = "loyalty.reminder.mixin"
    _description = "Reminder of a Member"

    #: External id of the mail's template.
    _reminder_template = None

    @api.model
    def _cron_remind(self):
        """Remind all members of all programmes, committing after each batch."""
        # sudo: the ledger is closed to everybody but the service.
        self.env["loyalty.ledger"].sudo()._run_committed(self._run_reminders)

    @api.model
    def _run_reminders(self):
        """Yield after each batch of members whose mails are queued."""
        raise NotImplementedError

    @api.model
    def _run_apart(self, record, batches):
        """Yield the batches of one programme, whose fault stops no other.

        :param record: the programme, or what else the reminders are about
        :param batches: iterator over the batches
        """
        ledger = self.env["loyalty.ledger"]
        yield from ledger._run_apart(self._description, record, batches)

    @api.model
    def _sql_may_be_reminded(self, partner):
        """Return the condition under which a contact may be written to.

        :param SQL partner: alias of ``res_partner``
        """
        # SQL: one sentence for the statements of all reminders.
        return SQL(
            """%(partner)s.active AND %(partner)s.email_normalized <> ''
                AND NOT EXISTS (
                    SELECT FROM mail_blacklist b
                    WHERE b.email = %(partner)s.email_normalized AND b.active)""",
            partner=partner,
        )

    @api.model
    def _filter_may_be_reminded(self, partners):
        """Return those of the contacts that may be written to."""
        self.env.flush_all()
        # SQL: the same condition as in the statements of the other reminders.
        rows = self.env.execute_query(
            SQL(
                "SELECT p.id FROM res_partner p WHERE p.id = ANY(%s) AND %s",
                partners.ids,
                self._sql_may_be_reminded(SQL("p")),
            )
        )
        return partners.browse(row[0] for row in rows)

    def _send_mails(self):
        """Queue the mail of each of these rows.

        :return: the rows whose mail cannot be written: the caller takes their promise
            back, so that the next night tries again
        """
        template = self.env.ref(self._reminder_template)
        return self.env["loyalty.ledger"]._do_apart(
            self._description,
            self.sorted("id"),
            lambda rows: template.send_mail_batch(rows.ids),
        )

    def _get_mail_url(self):
        """Return where the member sees what the mail is about."""
        return f"{self.get_base_url()}/my"
