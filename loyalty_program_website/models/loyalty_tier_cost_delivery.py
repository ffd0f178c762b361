from odoo import models
from odoo.tools import SQL

from odoo.addons.loyalty_program.models.loyalty_tier_cost import Estimate


class LoyaltyTierBenefit(models.Model):
    """What free delivery costs: what was charged, and what was already waived."""

    _inherit = "loyalty.tier.benefit"

    def _estimate_cost(self, facts):
        if self.kind != "delivery":
            return super()._estimate_cost(facts)
        amounts, waived = {}, 0
        rows = self.env.execute_query(self._query_deliveries(facts))
        for company_id, charged, free, usual in rows:
            amounts[company_id] = amounts.get(company_id, 0) + charged + free * usual
            waived += free
        words = [
            self.env._("What they paid for delivery with the methods that are free.")
        ]
        if waived:
            words.append(
                self.env._(
                    "Deliveries that the tier made free already are taken at what the "
                    "method usually costs: %(count)s.",
                    count=waived,
                )
            )
        return Estimate(self._sum_companies(amounts), " ".join(words))

    def _sum_companies(self, amounts):
        """Return the sum of {company id: amount} in the programme's currency."""
        currency, today = self.program_id.currency_id, self.program_id._get_local_date()
        companies = self.env["res.company"].browse(amounts)
        return sum(
            company.currency_id._convert(amounts[company.id], currency, company, today)
            for company in companies
        )

    def _query_deliveries(self, facts):
        """Return the query of deliveries, by company and method.

        :return: company_id, charged (money), free (how many of those whose present
            tier gives free delivery cost nothing), usual (what others paid on average)
        """
        # SQL: one pass over the orders of a million members. Amounts are without tax,
        # in the currency of the order's company.
        return SQL(
            """
            WITH delivery AS (
                SELECT o.company_id, o.carrier_id, o.partner_id,
                    l.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1) AS paid
                FROM sale_order o
                JOIN sale_order_line l ON l.order_id = o.id AND l.is_delivery
                WHERE o.state = 'sale' AND o.date_order >= %(first)s
                    AND (%(any_method)s OR o.carrier_id = ANY(%(methods)s))
                    AND (%(company)s IS NULL OR o.company_id = %(company)s)
            ), usual AS (
                SELECT company_id, carrier_id, AVG(paid) AS paid
                FROM delivery WHERE paid > 0 GROUP BY company_id, carrier_id
            ), member AS (
                SELECT DISTINCT ON (c.partner_id) c.partner_id, EXISTS (
                    SELECT FROM loyalty_tier_benefit b
                    WHERE b.tier_id = c.tier_id AND b.kind = 'delivery' AND b.active
                ) AS is_free
                FROM loyalty_card c WHERE c.id IN (%(cards)s)
            )
            SELECT d.company_id, SUM(GREATEST(d.paid, 0)),
                COUNT(*) FILTER (WHERE d.paid = 0 AND m.is_free),
                COALESCE(MAX(u.paid), 0)
            FROM delivery d
            JOIN member m ON m.partner_id = d.partner_id
            LEFT JOIN usual u ON u.company_id = d.company_id
                AND u.carrier_id = d.carrier_id
            GROUP BY d.company_id, d.carrier_id
            """,
            first=facts.first,
            any_method=not self.carrier_ids,
            methods=self.carrier_ids.ids,
            company=self.company_id.id or None,
            cards=facts.cards,
        )
