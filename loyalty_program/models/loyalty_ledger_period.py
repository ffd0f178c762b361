from dataclasses import replace
from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models
from odoo.exceptions import MissingError


class LoyaltyLedger(models.AbstractModel):
    """Entries are dated within the open fiscal period, or say why not."""

    _inherit = "loyalty.ledger"

    def _post(self, postings, allow_debt=True, notify=True):
        dated = [self._date_posting(posting) for posting in postings]
        return super()._post(dated, allow_debt=allow_debt, notify=notify)

    def _date_posting(self, posting):
        """Return the posting, dated on the first open day if its own day is locked.

        Nothing is lost: the day of the event stays in the breakdown. What an import
        takes over from the past is history: it keeps its days and says so.
        """
        if not posting.occurred_at:
            return posting
        try:
            program = self.env["loyalty.card"].browse(posting.card_id).program_id
        except MissingError:
            # Who posts for a card that is none is told so when the rows are checked.
            return posting
        company = self._get_posting_company(posting, program.company_id)
        locked_until = self._get_locked_until(company)
        if not locked_until:
            return posting
        happened_on = program._get_local_date(posting.occurred_at)
        if happened_on > locked_until:
            return posting
        fact = {"happened_on": str(happened_on), "locked_until": str(locked_until)}
        opens_on = locked_until + timedelta(days=1)
        start = program._get_timezone().localize(datetime.combine(opens_on, time()))
        opens_at = start.astimezone(pytz.utc).replace(tzinfo=None)
        if posting.channel == "import" or opens_at > fields.Datetime.now():
            fact["kept"] = True
            opens_at = posting.occurred_at
        breakdown = {**posting.breakdown, "period": fact}
        return replace(posting, occurred_at=opens_at, breakdown=breakdown)

    def _is_same_moment(self, row, moment):
        # Books that closed between two attempts move the date, not what happened.
        is_moved = "period" in (row["breakdown"] or {})
        return is_moved or super()._is_same_moment(row, moment)

    def _get_locked_until(self, company):
        """Return the last day that the company's books have closed, or None."""
        # sudo: closing dates are no secret to the ledger, whoever buys or sells.
        chain = company.sudo().parent_ids | company.sudo()
        days = chain.mapped("fiscalyear_lock_date") + chain.mapped("hard_lock_date")
        return max(filter(None, days), default=None)
