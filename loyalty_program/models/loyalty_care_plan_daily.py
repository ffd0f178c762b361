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
        ledger = self.env["loyalty.ledger"]
        today = company._get_loyalty_day()
        own = fields.Domain("company_id", "=", company.id)
        active = own & fields.Domain("state", "=", "active")
        for ended in ledger._take_each(
            self, active & fields.Domain("ends_on", "<", today), BATCH
        ):
            ended.state = "ended"
            yield ended
        due = fields.Domain("remind_on", "<=", today)
        unsaid = fields.Domain("reminded_on", "=", False)
        for ending in ledger._take_each(self, active & due & unsaid, BATCH):
            yield ending - ledger._do_apart("care plans", ending, self._remind)

    @api.model
    def _run_starts(self):
        """Begin what waits for a delivery that was called off since."""
        ledger = self.env["loyalty.ledger"]
        waits = fields.Domain("state", "=", "waiting")
        for waiting in ledger._take_each(self, waits, BATCH):
            yield waiting - ledger._do_apart("care plans", waiting, self._start_all)

    @api.model
    def _start_all(self, plans):
        plans._start()

    @api.model
    def _remind(self, plans):
        for plan in plans:
            plan.reminded_on = plan.company_id._get_loyalty_day()
        plans._send_reminders()

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
