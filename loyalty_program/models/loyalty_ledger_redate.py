import json

from odoo import models
from odoo.tools import SQL

from ..engine.expiry import expiry_date


class LoyaltyLedger(models.AbstractModel):
    """New last days for points that exist, when a programme changes its expiry."""

    _inherit = "loyalty.ledger"

    def _redate_lots(self, program, tighter):
        """Date the lots of ``program`` by its settings of now.

        :param bool tighter: whether the settings end the life of points sooner; what
            exists gets a full new period from today on then, and keeps at least the
            days that it has otherwise
        """
        rule = program._get_expiry_rule()
        self.env["loyalty.card"].flush_model(["tier_id"])
        self.env["loyalty.tier"].flush_model(["extra_validity_months"])
        if not rule.is_dated:
            self.env.execute_query(self._query_undate_lots(program.id))
        else:
            today = program._get_local_date()
            timezone = program._get_timezone().zone
            start = SQL("%s::date", today) if tighter else self._sql_day(timezone)
            starts = self.env.execute_query(self._query_starts(program.id, start))
            dates = [
                {
                    "start": str(day),
                    "extra": extra,
                    "expires_on": str(expiry_date(day, rule, extra)),
                }
                for day, extra in starts
            ]
            kept = SQL("COALESCE(l.expires_on, %s::date)", expiry_date(today, rule))
            if tighter:
                kept = SQL("NULL")
            self.env.execute_query(
                self._query_redate_lots(program.id, start, kept, dates)
            )
        self.env["loyalty.lot"].invalidate_model(["expires_on"])

    def _sql_day(self, timezone):
        # SQL: the programme's day of an entry, see loyalty.program._get_local_date.
        return SQL("(e.occurred_at AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", timezone)

    def _query_undate_lots(self, program_id):
        return SQL(
            """
            UPDATE loyalty_lot SET expires_on = NULL
            WHERE program_id = %s AND remaining > 0 AND expires_on IS NOT NULL
            RETURNING id
            """,
            program_id,
        )

    def _query_starts(self, program_id, start):
        return SQL(
            """
            SELECT DISTINCT %s, COALESCE(t.extra_validity_months, 0)
            FROM loyalty_lot l
            JOIN loyalty_ledger_entry e ON e.id = l.entry_id
            JOIN loyalty_card c ON c.id = l.card_id
            LEFT JOIN loyalty_tier t ON t.id = c.tier_id
            WHERE l.program_id = %s AND l.remaining > 0
            """,
            start,
            program_id,
        )

    def _query_redate_lots(self, program_id, start, kept, dates):
        return SQL(
            """
            UPDATE loyalty_lot l SET expires_on = GREATEST(%s, d.expires_on)
            FROM loyalty_ledger_entry e, loyalty_card c
            LEFT JOIN loyalty_tier t ON t.id = c.tier_id,
                jsonb_to_recordset(%s::jsonb)
                    AS d("start" date, extra int, expires_on date)
            WHERE e.id = l.entry_id AND c.id = l.card_id
                AND d.extra = COALESCE(t.extra_validity_months, 0) AND d.start = %s
                AND l.program_id = %s AND l.remaining > 0
            RETURNING l.id
            """,
            kept,
            json.dumps(dates),
            start,
            program_id,
        )
