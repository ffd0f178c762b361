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
        if not rule.is_dated:
            self.env.execute_query(self._query_undate_lots(program.id))
        elif tighter:
            self._date_lots(program)
        else:
            self._date_lots(program, only_undated=True)
            self._lengthen_lots(program, rule)
        self.env["loyalty.lot"].invalidate_model(["expires_on"])

    def _date_lots(self, program, only_undated=False):
        """Give lots a full period from today on."""
        rule, today = program._get_expiry_rule(), program._get_local_date()
        self._flush_tiers()
        dates = [
            {"extra": extra, "day": str(expiry_date(today, rule, extra))}
            for extra in program._get_validity_extras()
        ]
        self.env.execute_query(
            SQL(
                """
                UPDATE loyalty_lot l SET expires_on = d.day
                FROM loyalty_card c LEFT JOIN loyalty_tier t ON t.id = c.tier_id,
                    jsonb_to_recordset(%s::jsonb) AS d(extra int, day date)
                WHERE c.id = l.card_id
                    AND d.extra = COALESCE(t.extra_validity_months, 0)
                    AND l.program_id = %s AND l.remaining > 0 AND %s
                RETURNING l.id
                """,
                json.dumps(dates),
                program.id,
                SQL("l.expires_on IS NULL") if only_undated else SQL("true"),
            )
        )

    def _lengthen_lots(self, program, rule):
        """Count the period anew from the day of earning, and take no day away."""
        self._flush_tiers()
        earned_on = self._sql_day(program._get_timezone().zone)
        lots = SQL(
            """loyalty_ledger_entry e, loyalty_card c
            LEFT JOIN loyalty_tier t ON t.id = c.tier_id"""
        )
        where = SQL(
            """e.id = l.entry_id AND c.id = l.card_id
            AND l.program_id = %s AND l.remaining > 0""",
            program.id,
        )
        extra = SQL("COALESCE(t.extra_validity_months, 0)")
        # SQL: the engine dates each pair of day and tier once, not every lot.
        pairs = self.env.execute_query(
            SQL(
                "SELECT DISTINCT %s, %s FROM loyalty_lot l, %s WHERE %s",
                earned_on,
                extra,
                lots,
                where,
            )
        )
        dates = [
            {"begun": str(day), "extra": more, "day": str(expiry_date(day, rule, more))}
            for day, more in pairs
        ]
        self.env.execute_query(
            SQL(
                """
                UPDATE loyalty_lot l SET expires_on = GREATEST(l.expires_on, d.day)
                FROM %s, jsonb_to_recordset(%s::jsonb)
                    AS d(begun date, extra int, day date)
                WHERE %s AND d.begun = %s AND d.extra = %s
                RETURNING l.id
                """,
                lots,
                json.dumps(dates),
                where,
                earned_on,
                extra,
            )
        )

    def _flush_tiers(self):
        self.env["loyalty.card"].flush_model(["tier_id", "points"])
        self.env["loyalty.tier"].flush_model(["extra_validity_months"])

    def _query_undate_lots(self, program_id):
        return SQL(
            """
            UPDATE loyalty_lot SET expires_on = NULL
            WHERE program_id = %s AND remaining > 0 AND expires_on IS NOT NULL
            RETURNING id
            """,
            program_id,
        )

    def _sql_day(self, timezone):
        # SQL: the programme's day of an entry, see loyalty.program._get_local_date.
        return SQL("(e.occurred_at AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", timezone)
