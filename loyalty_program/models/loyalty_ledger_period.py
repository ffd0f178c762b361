import json
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytz

from odoo import api, fields, models, tools
from odoo.exceptions import MissingError
from odoo.fields import Domain
from odoo.tools import SQL

#: The fields of a company that close its books for points.
LOCKS = ("fiscalyear_lock_date", "sale_lock_date", "hard_lock_date")


class LoyaltyLedger(models.AbstractModel):
    """Entries are dated within the open fiscal period, or say why not."""

    _inherit = "loyalty.ledger"

    def _post(self, postings, allow_debt=True, notify=True):
        postings = list(postings)
        cards = {posting.card_id for posting in postings if posting.occurred_at}
        # Who posts for a card that is none is told so when the rows are checked.
        with suppress(MissingError):
            # All at once: each posting asks its own card.
            self._fetch_facts(self.env["loyalty.card"].browse(sorted(cards)))
        dated = [self._date_posting(posting) for posting in postings]
        return super()._post(dated, allow_debt=allow_debt, notify=notify)

    def _date_posting(self, posting):
        """Return the posting, dated on the first open day if its own day is locked.

        Nothing is lost: the day of the event stays in the breakdown. What an import
        takes over from the past is history: it keeps its days and says so. So does
        what happens while the books are closed beyond today.
        """
        if not posting.occurred_at:
            return posting
        try:
            program = self.env["loyalty.card"].browse(posting.card_id).program_id
        except MissingError:
            # As above.
            return posting
        company = self._get_posting_company(posting, program.company_id)
        happened_on = program._get_local_date(posting.occurred_at)
        locked_until = self._find_lock(company.id, happened_on)
        if not locked_until:
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

    def _prepare_row(self, posting, cards, known):
        row = super()._prepare_row(posting, cards, known)
        if posting.occurred_at:
            return row
        today = known[row["program_id"]].today
        if locked_until := self._find_lock(row["company_id"], today):
            # It happens now, and no day that has come is open.
            fact = {"happened_on": str(today), "locked_until": str(locked_until)}
            period = {"period": {**fact, "kept": True}}
            row["breakdown"] = {**(row["breakdown"] or {}), **period}
        return row

    def _find_lock(self, company_id, day):
        """Return the last closed day of a company's books, None if ``day`` is open.

        What is remembered answers for most days: exceptions only open books.
        """
        companies = self.env["res.company"]
        closed = companies._get_loyalty_closed_until(company_id)
        if not closed or day > closed:
            return None
        last = self._get_locked_until(companies.browse(company_id))
        return last if last and day <= last else None

    def _is_same_moment(self, row, moment):
        # Books that closed between two attempts move the date, not what happened.
        is_moved = "period" in (row["breakdown"] or {})
        return is_moved or super()._is_same_moment(row, moment)

    def _get_locked_until(self, company):
        """Return the last day that the company's books have closed, or None.

        Points belong to sales: what locks all journals or those of sales locks them,
        with Odoo's exceptions. Locks of tax returns and of purchases do not concern
        them.
        """
        # sudo: closing dates are no secret to the ledger, whoever buys or sells. Books
        # of a company that is out of use stay closed, see `parent_ids`.
        company = company.sudo().with_context(active_test=False)
        last = max(
            company.user_fiscalyear_lock_date,
            company.user_sale_lock_date,
            company.user_hard_lock_date,
        )
        return last if last > date.min else None

    def _sql_locked_until(self, program):
        """Return the last closed day of the company of entry ``entry_id``, or NULL.

        A programme without a company has entries of several.
        """
        companies = program.company_id
        if not companies:
            # Every company whose members share the programme, also those out of use.
            every = Domain("active", "in", [True, False])
            # sudo: see _get_locked_until.
            companies = self.env["res.company"].sudo().search(every)
        days = {own.id: self._get_locked_until(own) for own in companies}
        if len(days) == 1 or not any(days.values()):
            return SQL("%s::date", next(iter(days.values())))
        # SQL: one row for each company, and the entry is found by its key.
        return SQL(
            """(SELECT k.day FROM jsonb_to_recordset(%s::jsonb) AS k(id int, day date)
                JOIN loyalty_ledger_entry o ON o.company_id = k.id
                WHERE o.id = entry_id)""",
            json.dumps([{"id": i, "day": str(d)} for i, d in days.items() if d]),
        )


class ResCompany(models.Model):
    """What every posting asks is remembered: the day until which books are closed."""

    _inherit = "res.company"

    @api.model
    @tools.ormcache("company_id")
    def _get_loyalty_closed_until(self, company_id):
        """Return the last closed day of a company, exceptions not counted, or None."""
        # sudo: see loyalty.ledger._get_locked_until.
        every = self.sudo().with_context(active_test=False)
        chain = every.browse(company_id).parent_ids
        days = [day for name in LOCKS for day in chain.mapped(name) if day]
        return max(days, default=None)

    def write(self, vals):
        result = super().write(vals)
        if not set(LOCKS).isdisjoint(vals):
            self.env.registry.clear_cache()
        return result
