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
        "loyalty.card": ["account_id", "tier_id"],
        "loyalty.pool": ["account_id"],
        "loyalty.pool.member": ["card_id", "joined_on", "left_on", "pool_id"],
        "loyalty.tier": ["extra_validity_months"],
        "loyalty.tier.change": ["card_id", "changed_on", "from_tier_id"],
    }

    def _query_ends(self, day):
        """Return the query of the last day of accounts: (card_id, ends_on).

        :param date day: at whose end the report looks, None for this moment
        """
        # SQL: one pass over the entries of the programmes that let points lapse so, and
        # a look at tiers only where they make a difference.
        return SQL(
            """
            SELECT a.card_id, CASE WHEN a.rounding IS NULL THEN s.day
                ELSE (date_trunc(a.rounding, s.day::timestamp)
                    + make_interval(months => a.length) - interval '1 day')::date
                END AS ends_on
            FROM (
                SELECT e.card_id, r.days, r.months, r.rounding, r.length, r.changed_on,
                    r.has_extras, MAX((e.occurred_at AT TIME ZONE 'UTC'
                        AT TIME ZONE r.zone)::date) AS seen_on
                FROM jsonb_to_recordset(%(rules)s::jsonb) AS r(program_id int,
                    zone varchar, days int, months int, rounding varchar, length int,
                    changed_on date, has_extras boolean, moment timestamp)
                JOIN loyalty_ledger_entry e ON e.program_id = r.program_id
                    AND COALESCE(e.occurred_at < r.moment, true)
                    AND (e.points > 0 OR e.entry_type IN ('earn', 'redeem'))
                GROUP BY e.card_id, r.days, r.months, r.rounding, r.length,
                    r.changed_on, r.has_extras
            ) a
            LEFT JOIN LATERAL (%(extra)s) x ON a.has_extras
            CROSS JOIN LATERAL (SELECT (GREATEST(a.changed_on, a.seen_on) + a.days
                + make_interval(months => a.months + COALESCE(x.months, 0))
                )::date AS day
            ) s
            """,
            rules=json.dumps(self._prepare_idle_rules(day)),
            extra=self._query_extra_months(day),
        )

    def _query_extra_months(self, day):
        """Return the query of the months by which tiers extend account ``a``.

        The best tier that who shares the account held since the last activity, see
        ``loyalty.ledger._sql_months_since``; of another day, up to that day.
        """
        if not day:
            return SQL(
                """
                SELECT MAX(t.extra_validity_months) AS months
                FROM loyalty_card m JOIN loyalty_tier t ON t.id = m.tier_id
                    OR t.id IN (SELECT h.from_tier_id FROM loyalty_tier_change h
                        WHERE h.card_id = m.id AND h.changed_on >= a.seen_on)
                WHERE m.id = a.card_id OR m.account_id = a.card_id
                """
            )
        # SQL: what a card held on a day is what its next change took away, if any.
        return SQL(
            """
            SELECT MAX(t.extra_validity_months) AS months
            FROM (
                SELECT a.card_id AS id
                UNION
                SELECT j.card_id FROM loyalty_pool_member j
                JOIN loyalty_pool o ON o.id = j.pool_id
                WHERE o.account_id = a.card_id AND j.joined_on <= %(day)s
                    AND COALESCE(j.left_on > %(day)s, true)
            ) k
            JOIN loyalty_card m ON m.id = k.id
            LEFT JOIN LATERAL (
                SELECT h.id, h.from_tier_id FROM loyalty_tier_change h
                WHERE h.card_id = m.id AND h.changed_on > %(day)s
                ORDER BY h.changed_on, h.id LIMIT 1
            ) n ON true
            JOIN loyalty_tier t
                ON t.id = CASE WHEN n.id IS NULL THEN m.tier_id ELSE n.from_tier_id END
                OR t.id IN (SELECT h.from_tier_id FROM loyalty_tier_change h
                    WHERE h.card_id = m.id AND h.changed_on >= a.seen_on
                        AND h.changed_on <= %(day)s)
            """,
            day=day,
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
                "has_extras": any(program._get_validity_extras()),
                "changed_on": str(program.expiry_changed_on or "") or None,
                "moment": moments.get(program.id),
            }
            for program in programs.search(domain)
            for rule in [program._get_expiry_rule()]
        ]
