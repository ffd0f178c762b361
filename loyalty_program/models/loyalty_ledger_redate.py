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
            exists gets a full new period from today on then. Else no day is taken away
        """
        rule = program._get_expiry_rule()
        if not rule.is_dated:
            self.env.execute_query(self._query_undate_lots(program.id))
        elif tighter:
            self._date_lots(program)
        else:
            self._date_lots(program, only_undated=True)
            self._lengthen_lots(program, rule)
        if rule.is_dated:
            self._lengthen_held(program, rule)
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
                FROM loyalty_card c,
                    jsonb_to_recordset(%(dates)s::jsonb) AS d(extra int, day date)
                WHERE c.id = l.card_id AND d.extra = %(extra)s
                    AND l.program_id = %(program)s AND l.remaining > 0 AND %(which)s
                RETURNING l.id
                """,
                dates=json.dumps(dates),
                extra=self._sql_extra_months(program, SQL("c")),
                program=program.id,
                which=SQL("l.expires_on IS NULL") if only_undated else SQL("true"),
            )
        )

    def _lengthen_lots(self, program, rule):
        """Count the period anew from the day of earning, and take no day away."""
        self._lengthen(
            program,
            rule,
            begun=self._sql_day(program._get_timezone().zone),
            lots=SQL("true"),
        )

    def _lengthen_held(self, program, rule):
        """Let what would lapse before it can be spent live from that day on."""
        self._lengthen(
            program,
            rule,
            begun=SQL("l.available_on"),
            lots=SQL("l.state = 'pending' AND l.expires_on < l.available_on"),
        )

    def _lengthen(self, program, rule, *, begun, lots):
        """Date lots by a day of theirs, and take no day away.

        :param SQL begun: the day from which a lot ``l`` of an entry ``e`` lives
        :param SQL lots: the condition on the lots
        """
        self._flush_tiers()
        tables = SQL("loyalty_ledger_entry e, loyalty_card c")
        where = SQL(
            """e.id = l.entry_id AND c.id = l.card_id
            AND l.program_id = %s AND l.remaining > 0 AND %s""",
            program.id,
            lots,
        )
        extra = self._sql_extra_months(program, SQL("c"))
        # SQL: the engine dates each pair of day and tier once, not every lot.
        pairs = self.env.execute_query(
            SQL(
                "SELECT DISTINCT %s, %s FROM loyalty_lot l, %s WHERE %s",
                begun,
                extra,
                tables,
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
                tables,
                json.dumps(dates),
                where,
                begun,
                extra,
            )
        )

    def _flush_tiers(self):
        self.env["loyalty.card"].flush_model(["account_id", "points", "tier_id"])
        self.env["loyalty.tier"].flush_model(["extra_validity_months"])
        self.env["loyalty.tier.change"].flush_model()

    def _sql_extra_months(self, program, card):
        """Return the months by which tiers extend the life of an account's points.

        What members share lasts as long as the best tier among them says.

        :param SQL card: alias of the account
        """
        if not any(program._get_validity_extras()):
            return SQL("0")
        return SQL(
            """GREATEST(
                COALESCE((SELECT t.extra_validity_months FROM loyalty_tier t
                          WHERE t.id = %(card)s.tier_id), 0),
                (SELECT MAX(t.extra_validity_months)
                 FROM loyalty_card m JOIN loyalty_tier t ON t.id = m.tier_id
                 WHERE m.account_id = %(card)s.id))""",
            card=card,
        )

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
