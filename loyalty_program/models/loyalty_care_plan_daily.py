from odoo import api, fields, models

#: Plans of one step: some get a mail that has to be rendered.
BATCH = 200


class LoyaltyCarePlan(models.Model):
    """Every day: plans end, and customers are told before."""

    _inherit = "loyalty.care.plan"

    @api.model
    def _cron_remind(self):
        """Start, end and remind, committing after each batch."""
        # sudo: the ledger is closed to everybody but the service.
        self.env["loyalty.ledger"].sudo()._run_committed(self._run_daily)

    @api.model
    def _run_daily(self):
        """Yield after each batch of plans that were begun, closed or reminded of."""
        ledger = self.env["loyalty.ledger"]
        yield from ledger._run_apart("care plans to begin", self, self._run_starts())
        plans = self._read_group([("state", "=", "active")], ["company_id"])
        for (company,) in plans:
            yield from ledger._run_apart(
                "care plans", company, self._run_company(company)
            )

    @api.model
    def _run_company(self, company):
        """Close and remind of the plans of a company, by its own day."""
        today = company._get_loyalty_day()
        own = fields.Domain("company_id", "=", company.id)
        active = own & fields.Domain("state", "=", "active")
        while ended := self._take(active & fields.Domain("ends_on", "<", today)):
            ended.state = "ended"
            yield ended
        due = fields.Domain("remind_on", "<=", today)
        unsaid = fields.Domain("reminded_on", "=", False)
        while ending := self._take(active & due & unsaid):
            ending.reminded_on = today
            ending._send_reminders()
            yield ending

    @api.model
    def _run_starts(self):
        """Begin what waits for a delivery that was called off since."""
        last_id = 0
        while waiting := self._take(
            fields.Domain("state", "=", "waiting") & fields.Domain("id", ">", last_id)
        ):
            last_id = waiting[-1].id
            waiting._start()
            yield waiting

    def _take(self, domain):
        """Return a batch of plans that no other worker is at, locked."""
        return self.search(domain, limit=BATCH, order="id").try_lock_for_update()

    def _send_reminders(self):
        """Tell customers that their plan ends, unless nothing is left to claim."""
        reminders = self.env["loyalty.reminder.mixin"]
        partners = reminders._filter_may_be_reminded(self.partner_id)
        told = self.filtered(
            lambda plan: plan.partner_id in partners and plan.claims_left
        )
        if told:
            template = self.env.ref("loyalty_program.mail_template_care_plan_ends")
            template.send_mail_batch(told.ids)

    def _get_mail_url(self):
        """Return where the customer sees the plan."""
        return f"{self.get_base_url()}/my"
