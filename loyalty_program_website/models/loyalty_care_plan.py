from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.loyalty_program.engine import care

#: Items shown for which a plan may still be bought.
MOST_OFFERS = 20


class LoyaltyCarePlan(models.Model):
    """What a customer sees of care plans in the own account."""

    _inherit = "loyalty.care.plan"

    def _get_mail_url(self):
        return f"{self.get_base_url()}/my/care/{self.id}"

    def _search_own(self, partner, company):
        """Return the plans of a customer and of the others of the same firm."""
        return self.search(
            Domain("partner_id", "child_of", partner.commercial_partner_id.ids)
            & Domain("company_id", "=", company.id)
        )

    def _get_portal_values(self):
        """Return what the pages show of each plan."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        tints = {"active": "success", "waiting": "warning"}
        return [
            {
                "plan": plan,
                "label": labels[plan.state],
                "tint": tints.get(plan.state, "secondary"),
                "refusal": plan._get_portal_refusal(),
                "agreement": plan._describe_portal_agreement(),
                "wait": plan._describe_portal_wait(),
                "term": plan._describe_portal_term(),
                "left": plan._describe_portal_left(),
            }
            for plan in self
        ]

    def _get_portal_refusal(self):
        """Return why its customer cannot claim now, or None."""
        if self.state == "waiting":
            return self.env._("You can claim as soon as your care plan has begun.")
        return self._get_claim_refusal()

    def _describe_portal_wait(self):
        if self.months == 1:
            return self.env._(
                "It begins with the delivery of your item and lasts one month."
            )
        return self.env._(
            "It begins with the delivery of your item and lasts %(months)s months.",
            months=self.months,
        )

    def _describe_portal_term(self):
        if not self.starts_on:
            return ""
        return self.env._(
            "From %(first)s to %(last)s",
            first=format_date(self.env, self.starts_on),
            last=format_date(self.env, self.ends_on),
        )

    def _describe_portal_agreement(self):
        """Return what a claim costs, as the customer agrees to it, or an empty text."""
        if self.currency_id.is_zero(self.fee):
            return ""
        return self.env._(
            "I agree to the fee of %(fee)s (before taxes) if the claim is accepted.",
            fee=self.currency_id.format(self.fee),
        )

    def _describe_portal_left(self):
        """Return how many claims are left and what each of them costs."""
        facts = {"left": self.claims_left, "all": self.claims_included}
        if self.currency_id.is_zero(self.fee):
            return self.env._("Claims left: %(left)s of %(all)s", **facts)
        return self.env._(
            "Claims left: %(left)s of %(all)s, %(fee)s for each",
            fee=self.currency_id.format(self.fee),
            **facts,
        )


class LoyaltyCareClaim(models.Model):
    _inherit = "loyalty.care.claim"

    def _get_portal_values(self):
        """Return what the page of a plan shows of its claims."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        tints = {"new": "info", "accepted": "warning", "done": "success"}
        return [
            {
                "claim": claim,
                "label": labels[claim.state],
                "tint": tints.get(claim.state, "secondary"),
                "fee_order": claim.fee_order_id,
            }
            for claim in self
        ]


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_care_offers(self, templates, partner, company):
        """Return what plans a customer may still buy for items bought before.

        :param templates: care plans that are on sale
        :return: list of dicts with ``item``, ``template`` and ``last`` (a date, None
            before the delivery)
        """
        owner = partner.commercial_partner_id
        today, offers = company._get_loyalty_day(), []
        for template in templates:
            days = template.care_buy_days
            items = self._search_care_items(template, owner, company, MOST_OFFERS)
            for item in items:
                facts = item._get_sold_item(template, owner)
                if not care.find_sale_refusal(facts, 1, days, today):
                    last = care.last_day_to_buy(facts.delivered_on, days)
                    offers.append({"item": item, "template": template, "last": last})
        offers.sort(key=lambda offer: -offer["item"].id)
        return offers[:MOST_OFFERS]
