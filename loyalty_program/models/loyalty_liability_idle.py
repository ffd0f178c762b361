import json

from odoo import models
from odoo.tools import SQL

from ..engine.dates import PERIODS
from ..engine.expiry import INACTIVITY


class LoyaltyLiability(models.Model):
    """When points lapse that lapse by inactivity: their lots carry no day.

    Says the same as ``loyalty.card._get_inactivity_ends``, for all accounts at once.
    """

    _inherit = "loyalty.liability"
    _depends = {
        "loyalty.card": ["tier_id"],
        "loyalty.tier": ["extra_validity_months"],
    }

    def _query_ends(self, day):
        """Return the query of the last day of accounts: (card_id, ends_on).

        :param date day: at whose end the report looks, None for this moment
        """
        # SQL: one pass over the entries of the programmes that let points lapse so.
        return SQL(
            """
            SELECT a.card_id, CASE WHEN a.rounding IS NULL THEN s.day
                ELSE (date_trunc(a.rounding, s.day::timestamp)
                    + make_interval(months => a.length) - interval '1 day')::date
                END AS ends_on
            FROM (
                SELECT e.card_id, r.days, r.rounding, r.length,
                    r.months + COALESCE(MAX(t.extra_validity_months), 0) AS months,
                    GREATEST(r.changed_on, MAX((e.occurred_at AT TIME ZONE 'UTC'
                        AT TIME ZONE r.zone)::date)) AS active_on
                FROM jsonb_to_recordset(%s::jsonb) AS r(program_id int, zone varchar,
                    days int, months int, rounding varchar, length int,
                    changed_on date, moment timestamp)
                JOIN loyalty_ledger_entry e ON e.program_id = r.program_id
                    AND COALESCE(e.occurred_at < r.moment, true)
                    AND (e.points > 0 OR e.entry_type IN ('earn', 'redeem'))
                JOIN loyalty_card c ON c.id = e.card_id
                LEFT JOIN loyalty_tier t ON t.id = c.tier_id
                GROUP BY e.card_id, r.days, r.months, r.rounding, r.length,
                    r.changed_on
            ) a
            CROSS JOIN LATERAL (SELECT (a.active_on + a.days
                + make_interval(months => a.months))::date AS day) s
            """,
            json.dumps(self._prepare_idle_rules(day)),
        )

    def _prepare_idle_rules(self, day):
        """Return the expiry by inactivity of each programme, as plain values."""
        moments = {
            cut["program_id"]: cut["moment"]
            for cut in (self._prepare_cuts(day) if day else ())
        }
        # sudo: when points lapse is told to every member; rows have their rules.
        programs = self.env["loyalty.program"].sudo().with_context(active_test=False)
        domain = [("is_managed", "=", True), ("expiry_mode", "=", INACTIVITY)]
        return [
            {
                "program_id": program.id,
                "zone": program._get_timezone().zone,
                "days": rule.count if rule.unit == "day" else 0,
                "months": rule.count if rule.unit == "month" else 0,
                "rounding": rule.rounding,
                "length": PERIODS.get(rule.rounding, 0),
                "changed_on": str(program.expiry_changed_on or "") or None,
                "moment": moments.get(program.id),
            }
            for program in programs.search(domain)
            for rule in [program._get_expiry_rule()]
        ]
