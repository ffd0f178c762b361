from datetime import datetime, time, timedelta
from functools import partial

from pytz import utc

from odoo import api, models
from odoo.exceptions import UserError
from odoo.service.model import retrying

#: Participations treated in one transaction.
BATCH_SIZE = 50

#: Participations that "Run now" treats at once; the scheduled job does the rest.
INLINE_SIZE = 100


class LoyaltyCampaign(models.Model):
    """A run: claim who is due, treat them in batches, measure."""

    _inherit = "loyalty.campaign"

    def _get_timezone(self):
        """Return the time zone in which the campaign's days begin."""
        return self.program_id.with_company(self.company_id)._get_timezone()

    def _get_today(self):
        """Return the day to look from, in the programme's time zone."""
        return self.program_id.with_company(self.company_id)._get_local_date()

    def _get_day_end(self, day):
        """Return the UTC time at which a day of the campaign is over."""
        midnight = datetime.combine(day + timedelta(days=1), time.min)
        local = self._get_timezone().localize(midnight)
        return local.astimezone(utc).replace(tzinfo=None)

    def _get_room(self, today):
        """Return how many more members may be taken up today; None: no limit."""
        self.ensure_one()
        if not self.daily_limit:
            return None
        used = self.env["loyalty.participation"].search_count(
            [("campaign_id", "=", self.id), ("started_on", "=", today)]
        )
        return max(self.daily_limit - used, 0)

    def _claim(self, today):
        """Plan a participation for every member who is due; return how many."""
        self.ensure_one()
        room = self._get_room(today)
        return self.env["loyalty.win.back"]._claim_due(self, today, room)

    def _run_now(self, today=None):
        """Claim, treat as many as one request bears, and measure.

        What is left is taken up by the scheduled job at once.

        :param date today: the day to look from; default: today
        :return: how many participations are new
        """
        self.ensure_one()
        if self.state != "running":
            raise UserError(self.env._("Start the campaign before you run it."))
        today = today or self._get_today()
        claimed = self._claim(today)
        treat = partial(self.env["loyalty.participation"]._treat_planned, self, today)
        done = 0
        while done < INLINE_SIZE and (count := treat(BATCH_SIZE)):
            done += count
        self.env["loyalty.win.back"]._measure(self)
        if self.planned_count:
            # sudo: a trigger of the job, nothing else.
            self.env.ref("loyalty_program_crm.ir_cron_run_campaigns").sudo()._trigger()
        return claimed

    @api.model
    def _cron_run_campaigns(self):
        """Run every running campaign, in short transactions that share the work.

        May run on several workers at once and be cut off anywhere: what was planned
        and not yet treated is treated by the next run.
        """
        cron = self.env["ir.cron"]
        participations = self.env["loyalty.participation"]
        for campaign in self.search([("state", "=", "running")]):
            today = campaign._get_today()
            retrying(partial(campaign._claim, today), self.env)
            treat = partial(participations._treat_planned, campaign, today, BATCH_SIZE)
            while count := retrying(treat, self.env):
                left = participations._count_planned()
                if not cron._commit_progress(count, remaining=left):
                    return
        for campaign in self.search([("state", "!=", "draft")]):
            measure = partial(self.env["loyalty.win.back"]._measure, campaign)
            retrying(measure, self.env)
