from odoo import models
from odoo.fields import Domain

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
                "refusal": plan._get_claim_refusal(),
                "fee": not plan.currency_id.is_zero(plan.fee) and plan.fee,
            }
            for plan in self
        ]


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
