from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: Requests of one step: each gets a mail that has to be rendered.
BATCH = 200


class LoyaltyReward(models.Model):
    """How long staff may take to answer a request whose day has passed."""

    _inherit = "loyalty.reward"

    decline_after_days = fields.Integer(
        string="Decline after (days)",
        help="A request that nobody answered is declined by itself so many days after "
        "its day: the points come back and the member gets a mail. 0: the night after.",
        default=3,
    )

    _decline_after_sane = models.Constraint(
        "CHECK (decline_after_days BETWEEN 0 AND 366)",
        "Requests that nobody answered are declined up to 366 days after their day.",
    )

    def _get_unanswered_border(self):
        """Return the moment, UTC, before which a request has waited for too long."""
        self.ensure_one()
        program = self.program_id
        day = program._get_local_date() - timedelta(days=self.decline_after_days)
        midnight = program._get_timezone().localize(datetime.combine(day, time()))
        return midnight.astimezone(pytz.utc).replace(tzinfo=None)


class LoyaltyRewardClaim(models.Model):
    """A request that nobody answers keeps neither points nor place for ever."""

    _inherit = "loyalty.reward.claim"

    def _decline_unanswered(self):
        """Decline requests whose day went by; the points and the places go back.

        :raise UserError: one of them cannot be taken back
        """
        declined, refusals = self._void("declined")
        if refusals:
            raise UserError("\n".join(refusals))
        for claim in declined:
            reader = claim.with_context(lang=claim.partner_id.lang or self.env.lang)
            claim.write(
                {
                    "decline_note": reader._explain_unanswered(),
                    "decided_by_id": self.env.uid,
                }
            )
        text = self.env._("Nobody answered the request: it was declined by itself.")
        declined._message_log_batch(dict.fromkeys(declined.ids, text))
        declined._write_to_members("loyalty_program.mail_template_experience_declined")

    def _explain_unanswered(self):
        return self.env._("We did not answer your request in time. We are sorry.")

    def _remind_staff(self):
        """Give whoever is responsible the tasks that nobody has any more."""
        today = self.program_id._get_local_date()
        for claim in self:
            task = claim._ask_kind("_describe_task")
            claim._open_task(claim.reward_id._get_responsible(), task, today)


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _erase_traces(self):
        """Override: nobody comes to what an erased member asked for."""
        self.claim_ids.filtered(lambda claim: claim._may_cancel())._void()
        return super()._erase_traces()


class LoyaltyLedger(models.AbstractModel):
    """The night reminds of requests without an answer, and ends them."""

    _inherit = "loyalty.ledger"

    @api.model
    def _run_daily(self):
        yield from super()._run_daily()
        # What is off the offer may have been asked for before.
        rewards = self.env["loyalty.reward"].with_context(active_test=False)
        for reward in rewards.search([("reward_type", "=", "experience")], order="id"):
            yield from self._run_apart(
                "unanswered requests", reward, self._run_unanswered(reward)
            )

    def _run_unanswered(self, reward):
        """Yield after each batch of requests that were declined or are tasks again."""
        claims = self.env["loyalty.reward.claim"]
        waiting = Domain("reward_id", "=", reward.id) & Domain(
            "state", "=", "requested"
        )
        overdue = Domain("starts_at", "<", reward._get_unanswered_border())
        for batch in self._take_each(claims, waiting & overdue, BATCH):
            yield batch - self._do_apart(
                "unanswered requests", batch, self._decline_unanswered
            )
        if reward._get_responsible():
            open_ones = Domain("starts_at", "=", False) | Domain(
                "starts_at", ">=", reward._get_unanswered_border()
            )
            lost = waiting & open_ones & Domain("activity_ids", "=", False)
            for batch in self._take_each(claims, lost, BATCH):
                batch._remind_staff()
                yield batch

    def _decline_unanswered(self, claims):
        claims._decline_unanswered()
