from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.expiry import INACTIVITY


class LoyaltyLedger(models.AbstractModel):
    """Points past their last day are not spent, whether or not the night has come by.

    The statement of a posting looks under its locks: what is past its day lapses as it
    would at night, and then the posting is done. A sale that reaches the ledger later
    may spend what could be spent on its day.
    """

    _inherit = "loyalty.ledger"

    def _prepare_row(self, posting, cards, known):
        row = super()._prepare_row(posting, cards, known)
        if posting.entry_type == "redeem" and posting.points < 0:
            own = known[row["program_id"]]
            day = min(own.get_day(posting.occurred_at), own.today)
            row["spent_on"] = str(day)
            if idle := own.program._get_idle_since(day):
                row["idle_since"] = str(idle)
        return row

    def _execute_posting(self, rows, build):
        result = super()._execute_posting(rows, build)
        if "lapsed" not in result:
            return result
        cards = self.env["loyalty.card"].browse(result["lapsed"])
        days = {}
        for row in rows:
            if day := row.pop("spent_on", None):
                days[row["card_id"]] = min(day, days.get(row["card_id"], day))
        for day in sorted({days[card.id] for card in cards}):
            self._lapse(cards.filtered(lambda card, d=day: days[card.id] == d), day)
        again = super()._execute_posting(rows, build)
        return {**again, "folded": [*result["folded"], *again["folded"]]}

    def _lapse(self, accounts, day=None):
        """Let points lapse whose last day is over, as the night does.

        :param accounts: locked cards that hold balances
        :param day: the day on which points are spent, as a date or its digits; today
            without one
        """
        for program, own in accounts.grouped("program_id").items():
            spent_on = fields.Date.to_date(day or program._get_local_date())
            self.env.execute_query(
                self._query_expire(
                    program, self._sql_lapsed_lots(own.ids, spent_on), SQL("NULL")
                )
            )
            if program._get_remembered_expiry().mode == INACTIVITY:
                rows = self._note_activity(program, spent_on, accounts=own)
                if ends := program._find_inactive(rows, spent_on):
                    self.env.execute_query(self._query_expire_undated(program, ends))
                own.invalidate_recordset(["activity_seen_on"])
        self._forget_balances(accounts)

    def _sql_lapsed_lots(self, account_ids, day):
        """Return the step ``due``: the lots of accounts that are past their day."""
        return SQL(
            """due AS (
                SELECT id, entry_id, card_id, remaining, expires_on AS day
                FROM loyalty_lot
                WHERE card_id = ANY(%s) AND state = 'open' AND remaining > 0
                    AND expires_on < %s
                FOR NO KEY UPDATE
            )""",
            account_ids,
            day,
        )

    def _lock_to_spend(self, card_ids):
        """Lock the accounts of the cards; what they show then may be spent.

        :return: the cards by id
        """
        cards = self._lock_cards(card_ids)
        self._lapse_shown(self.env["loyalty.card"].browse(cards))
        return cards

    def _lapse_shown(self, cards):
        """Let lapse what the cards, whose accounts are locked, may show by mistake."""
        accounts = cards.browse({card._get_account().id for card in cards})
        stale = accounts.filtered(
            lambda card: card.is_managed and card.program_id._may_show_lapsed()
        )
        if stale:
            self._lapse(stale)

    # === When the day begins ===

    @api.model
    def _cron_day(self):
        """Release and let lapse where a day has begun, committing after each batch."""
        self._run_committed(self._run_day)

    @api.model
    def _run_day(self):
        """Yield after each batch of what ends or begins with a day.

        Midnight is another moment in each time zone: the nightly work may come many
        hours after it.
        """
        programs = self.env["loyalty.program"].search(
            [("is_managed", "=", True)], order="id"
        )
        for program in programs.filtered(lambda own: own._is_new_day()):
            for step, batches in (
                ("release", self._run_release(program)),
                ("expiry", self._run_expiry(program)),
            ):
                yield from self._run_apart(step, program, batches)
