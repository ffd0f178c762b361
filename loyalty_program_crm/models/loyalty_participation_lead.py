from markupsafe import Markup

from odoo import models
from odoo.tools import SQL, format_amount, format_date


class LoyaltyParticipation(models.Model):
    """The opportunity that a campaign opens for a good member."""

    _inherit = "loyalty.participation"

    def _open_opportunities(self, today):
        """Open an opportunity for each member's salesperson."""
        missing = self.filtered(lambda participation: not participation.lead_id)
        purchases = missing._read_purchases(today)
        # The pipeline shows them; a message for each would bury the salesperson.
        leads = self.env["crm.lead"].with_context(mail_auto_subscribe_no_notify=True)
        for participation in missing:
            salesperson = participation._get_salesperson()
            lead = leads.with_context(lang=salesperson.lang or self.env.lang)
            values = participation.with_env(lead.env)._prepare_opportunity(
                purchases[participation.id]
            )
            if "iap_enrich_done" in lead._fields:
                # A member's address is not sent to a service that sells company data.
                values["iap_enrich_done"] = True
            participation.lead_id = lead.create({**values, "user_id": salesperson.id})

    def _get_salesperson(self):
        """Return who looks after the member: their salesperson, else the leader."""
        self.ensure_one()
        partner = self.partner_id
        candidates = (
            partner.user_id
            | partner.commercial_partner_id.user_id
            | self.campaign_id.team_id.user_id
        )
        return candidates.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )[:1]

    def _read_purchases(self, today):
        """Return count, sum and last amount of each member's purchases, by id."""
        if not self:
            return {}
        service = self.env["loyalty.win.back"]
        self.env.cr.execute(
            SQL(
                """
                SELECT participation.id, fact.purchases, fact.amount,
                       purchase.base_amount
                  FROM loyalty_participation participation
            CROSS JOIN LATERAL (%(last)s) purchase
            CROSS JOIN LATERAL (
                SELECT COUNT(*) AS purchases, SUM(entry.base_amount) AS amount
                  FROM loyalty_ledger_entry entry
                 WHERE entry.member_card_id = participation.card_id
                   AND entry.entry_type = 'earn'
                   AND entry.occurred_at < %(end)s
                   AND entry.points + %(reversed)s > 0
            ) fact
                 WHERE participation.id = ANY(%(ids)s)
                """,
                end=self.campaign_id._get_day_end(today),
                ids=self.ids,
                last=service._query_last_purchase(
                    SQL("participation.card_id"), self.campaign_id, today
                ),
                reversed=service._query_reversed(SQL("points")),
            )
        )
        return {
            row[0]: {"count": row[1], "amount": row[2], "last": row[3]}
            for row in self.env.cr.fetchall()
        }

    def _prepare_opportunity(self, purchases):
        """Return the values of the opportunity.

        :param dict purchases: count, amount (sum) and last (amount), in the
            programme's currency
        """
        self.ensure_one()
        campaign = self.campaign_id
        company = campaign.company_id
        average = float(purchases["amount"]) / purchases["count"]
        return {
            "type": "opportunity",
            "name": self.env._(
                "Win back %(member)s (%(tier)s)",
                member=self.partner_id.display_name,
                tier=self.tier_id.name,
            ),
            "partner_id": self.partner_id.id,
            "company_id": company.id,
            "team_id": campaign.team_id.id,
            "campaign_id": campaign.utm_campaign_id.id,
            "medium_id": campaign.utm_medium_id.id,
            "source_id": campaign.mailing_id.source_id.id,
            "description": self._describe_member(purchases),
            "expected_revenue": self.currency_id._convert(
                average, company.currency_id, company, self.started_on
            ),
        }

    def _describe_member(self, purchases):
        """Return what the salesperson should know, as a list."""

        def money(amount):
            return format_amount(self.env, float(amount), self.currency_id)

        facts = [
            self.env._(
                "Last purchase: %(date)s, %(amount)s",
                date=format_date(self.env, self.lapse_date),
                amount=money(purchases["last"]),
            ),
            self.env._(
                "Purchases so far: %(count)s, together %(amount)s",
                count=purchases["count"],
                amount=money(purchases["amount"]),
            ),
            self.env._("Tier: %(tier)s", tier=self.tier_id.name),
            self.env._("Balance: %(points)s", points=self.card_id.points_display),
            self.env._(
                "Coupon %(code)s, valid until %(date)s",
                code=self.coupon_id.code,
                date=format_date(self.env, self.coupon_id.expiration_date),
            ),
        ]
        if self.contact == "mail":
            facts.append(self.env._("The coupon goes to the member by e-mail."))
        else:
            facts.append(
                self.env._(
                    "No e-mail goes to the member (%(reason)s): hand the coupon over.",
                    reason=dict(
                        self._fields["contact"]._description_selection(self.env)
                    )[self.contact],
                )
            )
        items = Markup().join(Markup("<li>%s</li>") % fact for fact in facts)
        return Markup("<ul>%s</ul>") % items
