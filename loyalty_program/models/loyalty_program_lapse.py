from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL

from ..engine.expiry import INACTIVITY, NEVER, last_lapsed
from ..engine.rounding import to_decimal
from ..engine.values import ZERO
from .loyalty_ledger_batch import CONFLICTS


class LoyaltyProgram(models.Model):
    """Through which day points have lapsed, and what that says of balances."""

    _inherit = "loyalty.program"

    lapsed_on = fields.Date(
        help="The last day on whose beginning points lapsed. Balances show no point "
        "that is past its day then.",
        default=lambda self: self._get_local_date(),
        readonly=True,
        copy=False,
    )

    def _note_lapsed(self, day):
        """Note that all points whose last day was before ``day`` have lapsed."""
        if self.lapsed_on == day:
            return
        # SQL: a worker that comes second neither waits nor fails.
        query = SQL(
            """UPDATE loyalty_program SET lapsed_on = %s WHERE id IN (
                SELECT id FROM loyalty_program WHERE id = %s
                FOR NO KEY UPDATE SKIP LOCKED)""",
            day,
            self.id,
        )
        try:
            with self.env.cr.savepoint():
                self.env.cr.execute(query, log_exceptions=False)
        except CONFLICTS:
            # Another worker has noted it, or somebody changed the programme meanwhile:
            # then the work begins once more and finds nothing left to do.
            return
        self.invalidate_recordset(["lapsed_on"])
        self.env.registry.clear_cache()

    def _is_new_day(self):
        """Tell whether a day has begun since points lapsed."""
        return self.lapsed_on != self._get_local_date()

    def _may_show_lapsed(self):
        """Tell whether balances may still show points that are past their day."""
        if self._get_remembered_expiry().mode == NEVER:
            return False
        return self._get_remembered_facts().lapsed_on != self._get_local_date()

    def _get_idle_since(self, day):
        """Return the last day of activity that is too long ago by ``day``, or None.

        Where inactivity ends points. A tier may make it longer: who asks looks again.
        """
        rule = self._get_remembered_expiry()
        return last_lapsed(day, rule) if rule.mode == INACTIVITY else None

    def _find_inactive(self, rows, day):
        """Return {account id: last day} of the accounts whose points are past it.

        :param rows: of ``loyalty.ledger._note_activity``
        :param date day: the programme's day of now
        """
        return {
            card_id: end
            for card_id, active_on, extra in rows
            if (end := self._get_inactivity_end(active_on, extra)) < day
        }


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _get_lapsed_points(self):
        """Return how many of the points that the card shows are past their last day.

        Asks the database between the beginning of a day and the work that follows it.

        :rtype: Decimal
        """
        self.ensure_one()
        program = self.program_id
        if not self.is_managed or not program._may_show_lapsed():
            return ZERO
        account, today = self._get_account(), program._get_local_date()
        idle_end = account._get_inactivity_ends(program).get(account.id)
        # SQL: lots are touched by SQL only, nothing of them waits for a flush.
        rows = self.env.execute_query(
            SQL(
                """SELECT expires_on, SUM(remaining)::text FROM loyalty_lot
                   WHERE card_id = %s AND state = 'open' AND remaining > 0
                   GROUP BY expires_on""",
                account.id,
            )
        )
        lapsed = (
            Decimal(rest) for day, rest in rows if _is_over(day or idle_end, today)
        )
        return sum(lapsed, ZERO)

    def _get_points_to_spend(self):
        """Return what of the balance may be spent at this moment, a Decimal."""
        points = to_decimal(self.points)
        return points - self._get_lapsed_points() if points > 0 else points


def _is_over(last_day, today):
    return bool(last_day) and last_day < today
