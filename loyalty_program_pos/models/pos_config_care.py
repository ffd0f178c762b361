from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..till_call import till_call
from odoo.addons.loyalty_program.engine import care, shapes
from odoo.addons.loyalty_program.models.loyalty_care_plan import RUNNING

#: Plans and offers that a till shows of one customer.
MOST_SHOWN = 20
LONGEST_DESCRIPTION = 4000
#: Where the words of a cashier are looked for.
SEARCHED = ("name", "serial_number", "item_product_id", "product_id")
#: What a cashier says of a claim.
WISH = shapes.facts(
    agrees=shapes.is_anything, description=shapes.optional(shapes.is_text)
)


class PosConfig(models.Model):
    """A customer's care plans at this till: what they cover, and what may be covered.

    A plan is sold for an earlier purchase by a line that names it, see
    ``pos.order.line``.
    """

    _inherit = "pos.config"

    @till_call(partner_id=shapes.is_id, words=shapes.is_text)
    def loyalty_get_care(self, partner_id, words=""):
        """Return a customer's care plans, and the items that may still be covered.

        :param int partner_id: the customer
        :param str words: part of the number or serial number of a plan, or of the name
            of the plan or its item; empty for all plans
        :return: {"plans": see ``loyalty.care.plan._get_till_values``, "more": how many
            plans are not among them, "offers": the newest ones, a list of dicts with
            ``product_id`` (the plan), ``item_model`` and ``item_line_id`` (the sold
            line), ``item``, ``serials``, ``document``, ``sold_on``, ``free`` (units)
            and ``last`` (the last day to buy it, or False), "more_offers": whether
            there are older ones}
        :raise AccessError: no till user, no open register, or a foreign customer
        """
        owner = self._get_care_owner(partner_id)
        plans, count = self._search_care_plans(owner, words)
        offers = self._get_care_offers(owner)
        return {
            "plans": plans._get_till_values(),
            "more": count - len(plans),
            "offers": offers[:MOST_SHOWN],
            "more_offers": len(offers) > MOST_SHOWN,
        }

    @till_call(plan_id=shapes.is_id, wish=WISH, token=shapes.is_token)
    def loyalty_file_care_claim(self, plan_id, wish, token):
        """File a claim of a customer who stands at this till.

        :param int plan_id: one of the plans that the till was told
        :param dict wish: ``description`` of what happened, ``agrees`` (bool) to the fee
        :param str token: names the click: the same click files the same claim
        :return: ``name`` of the claim, and ``plan`` as ``loyalty_get_care`` shows it
        :raise UserError: says why not; nothing is filed then
        :raise AccessError: no till user, no open register, or a foreign customer
        """
        self._check_serves_care()
        # sudo: till users may not read plans; the customer is checked below.
        plan = self.env["loyalty.care.plan"].sudo().browse(plan_id).exists()
        if plan.company_id != self.company_id:
            raise UserError(self.env._("There is no such care plan here."))
        self._get_care_owner(plan.partner_id.id)
        # Of two clicks, the second one sees what the first did.
        plan.lock_for_update()
        claim = plan.claim_ids.filtered(lambda own: own.till_token == token)
        if not claim:
            claim = plan._file_till_claim(wish, token)
        return {"name": claim.name, "plan": plan._get_till_values()[0]}

    def _get_care_owner(self, partner_id):
        """Return whose plans they are, once the user's right to serve is certain."""
        self._check_serves_care()
        return self._get_customer(partner_id).commercial_partner_id

    def _search_care_plans(self, owner, words):
        """Return the plans that a till shows, and how many there are.

        Those that run come first: an old one may be claimed today, an ended one never.
        """
        # sudo: the right to serve was checked; the plans are those of the customer.
        plans = self.env["loyalty.care.plan"].sudo()
        domain = Domain("partner_id", "child_of", owner.ids)
        domain &= Domain("company_id", "=", self.company_id.id)
        if words := words.strip():
            domain &= Domain.OR(Domain(name, "ilike", words) for name in SEARCHED)
        running = Domain("state", "in", RUNNING)
        shown = plans.search(domain & running, limit=MOST_SHOWN)
        if room := MOST_SHOWN - len(shown):
            shown |= plans.search(domain & ~running, limit=room)
        return shown, plans.search_count(domain)

    def _check_serves_care(self):
        self._check_one_till()
        if not self.env.user.has_group("point_of_sale.group_pos_user"):
            raise AccessError(self.env._("Only till users see care plans here."))
        if self.current_session_id.state != "opened":
            raise AccessError(
                self.env._("Customers are served only while the register is open.")
            )

    def _get_care_offers(self, owner):
        company = self.company_id
        # sudo: what a customer bought elsewhere is asked for by whoever serves them.
        env = self.with_company(company).sudo().env
        today, offers = company._get_loyalty_day(), []
        plans = env["product.product"].search(
            Domain("is_care_plan", "=", True)
            & Domain("available_in_pos", "=", True)
            & Domain("company_id", "in", (company.id, False))
        )
        for plan in plans:
            template = plan.product_tmpl_id
            for line in (
                *env["pos.order.line"]._search_care_items(
                    template, owner, company, MOST_SHOWN + 1
                ),
                *env["sale.order.line"]._search_care_items(
                    template, owner, company, MOST_SHOWN + 1
                ),
            ):
                facts = line._get_sold_item(template, owner)
                days = template.care_buy_days
                if not care.find_sale_refusal(facts, 1, days, today):
                    last = care.last_day_to_buy(facts.delivered_on, days)
                    offers.append(self._prepare_care_offer(plan, line, facts, last))
        offers.sort(key=lambda offer: offer["sold_on"], reverse=True)
        return offers

    def _prepare_care_offer(self, plan, line, facts, last):
        order = line.order_id
        return {
            "product_id": plan.id,
            "item_model": order._name,
            "item_line_id": line.id,
            "item": line.product_id.display_name,
            "serials": line._get_care_serials(),
            "document": order.name,
            "sold_on": fields.Date.to_string(
                self.company_id._get_loyalty_day(order.date_order)
            ),
            "free": facts.free,
            "last": last or False,
        }


class LoyaltyCarePlan(models.Model):
    _inherit = "loyalty.care.plan"

    def _get_till_values(self):
        """Return what a cashier sees of each plan, money as text, days as dates."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        return [
            {
                "id": plan.id,
                "name": plan.name,
                "product": plan.product_id.display_name,
                "item": plan.item_product_id.display_name,
                "serial": plan.serial_number or "",
                "state": plan.state,
                "label": labels[plan.state],
                "starts_on": plan.starts_on or False,
                "ends_on": plan.ends_on or False,
                "claims_left": plan.claims_left,
                "claims_included": plan.claims_included,
                "fee": ""
                if plan.currency_id.is_zero(plan.fee)
                else plan.currency_id.format(plan.fee),
                "refusal": plan._get_claim_refusal() or False,
                "claims": plan.claim_ids._get_till_values(),
            }
            for plan in self
        ]

    def _file_till_claim(self, wish, token):
        self.ensure_one()
        description = (wish.get("description") or "").strip()
        if not description or len(description) > LONGEST_DESCRIPTION:
            raise UserError(
                self.env._(
                    "Write down what happened, in %(count)s characters at most.",
                    count=LONGEST_DESCRIPTION,
                )
            )
        if not self.currency_id.is_zero(self.fee) and wish.get("agrees") is not True:
            raise UserError(
                self.env._("The customer must agree to the fee of each claim first.")
            )
        return self.claim_ids.create(
            {"plan_id": self.id, "description": description, "till_token": token}
        )


class LoyaltyCareClaim(models.Model):
    _inherit = "loyalty.care.claim"

    till_token = fields.Char(
        help="Names the click at a till that filed it: one click, one claim.",
        readonly=True,
        copy=False,
    )

    _till_token_unique = models.UniqueIndex(
        "(plan_id, till_token) WHERE till_token IS NOT NULL",
        "This claim was filed already.",
    )

    def _get_till_values(self):
        """Return what a cashier sees of claims, the newest first."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        return [
            {
                "name": claim.name,
                "label": labels[claim.state],
                "filed_on": claim.filed_on,
                "description": claim.description,
            }
            for claim in self.sorted("id", reverse=True)
        ]
