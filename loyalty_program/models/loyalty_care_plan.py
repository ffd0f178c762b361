from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import care

#: Plans that cover or will cover their item.
RUNNING = ("waiting", "active")


class LoyaltyCarePlan(models.Model):
    """A care plan that a customer paid for: it covers one unit of a sold item.

    It is made by a payment and by nothing else, and keeps the terms of that day. The
    sale of the plan and that of the item are named by model and ids, because an item
    may be sold by a till. ``engine.care`` holds the rules.
    """

    _name = "loyalty.care.plan"
    _description = "Care Plan"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _mail_post_access = "read"

    name = fields.Char(string="Number", required=True, readonly=True, index="trigram")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Care plan",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    state = fields.Selection(
        selection=[
            ("waiting", "Waits for the delivery"),
            ("active", "Active"),
            ("ended", "Ended"),
            ("cancelled", "Cancelled"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )

    # === What is covered ===

    item_product_id = fields.Many2one(
        comodel_name="product.product",
        string="Covered item",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    serial_number = fields.Char(string="Serial number", readonly=True, index="trigram")
    item_model = fields.Char(required=True, readonly=True)
    item_id = fields.Many2oneReference(
        model_field="item_model", string="Sale of the item", readonly=True
    )
    item_line_id = fields.Integer(required=True, readonly=True, index=True)
    item_unit = fields.Integer(
        help="Which of the units of the line, from 0 on.",
        required=True,
        readonly=True,
    )

    # === The terms, as they were bought ===

    months = fields.Integer(required=True, readonly=True)
    claims_included = fields.Integer(required=True, readonly=True)
    fee = fields.Monetary(string="Fee for each claim", readonly=True)
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True
    )
    paid_on = fields.Date(string="Paid on", required=True, readonly=True)
    starts_on = fields.Date(string="From", readonly=True)
    ends_on = fields.Date(string="To", help="The last day.", readonly=True, index=True)
    remind_on = fields.Date(readonly=True)
    reminded_on = fields.Date(readonly=True)
    key = fields.Char(
        help="Names the sold unit: the same payment begins one plan only.",
        required=True,
        readonly=True,
    )
    origin_model = fields.Char(required=True, readonly=True)
    origin_id = fields.Many2oneReference(
        model_field="origin_model", string="Sale of the plan", readonly=True
    )
    origin_line_id = fields.Integer(required=True, readonly=True, index=True)

    # === What was claimed ===

    claim_ids = fields.One2many(
        comodel_name="loyalty.care.claim", inverse_name="plan_id", readonly=True
    )
    claims_left = fields.Integer(string="Claims left", compute="_compute_claims_left")

    _key_unique = models.UniqueIndex("(key)", "This care plan was begun already.")
    _unit_unique = models.UniqueIndex(
        "(item_model, item_line_id, item_unit) WHERE state IN ('waiting', 'active')",
        "A care plan covers this item already.",
    )

    @api.depends("claims_included", "claim_ids.state")
    def _compute_claims_left(self):
        for plan in self:
            # sudo: what is left is a fact, whoever may read the claims.
            states = plan.sudo().claim_ids.mapped("state")
            plan.claims_left = care.claims_left(plan.claims_included, states)

    @api.depends("name", "item_product_id", "serial_number")
    def _compute_display_name(self):
        for plan in self:
            item = plan.serial_number or plan.item_product_id.display_name
            plan.display_name = f"{plan.name} ({item})" if item else plan.name

    # === Begin ===

    @api.model
    def _begin(self, line, item, numbers, facts):
        """Begin the plans that a paid line bought, one for each unit, once each.

        :param line: the line of the plan, of any model with ``product_id``
        :param item: the line of what is covered
        :param numbers: which of the line's plans cover it, counted from 0 on
        :param dict facts: ``partner``, ``document`` of the plan, ``moment`` of the
            payment (naive UTC)
        :return: the new plans
        """
        keys = [f"{line._name}:{line.id}:{number}" for number in numbers]
        begun = set(self.search([("key", "in", keys)]).mapped("key"))
        keys = [key for key in keys if key not in begun]
        units = care.free_numbers(
            set(self._search_covering(item).mapped("item_unit")), len(keys)
        )
        plans = self.create(
            [
                self._prepare_plan(line, item, facts)
                | {
                    "key": key,
                    "item_unit": unit,
                    "name": self.env["ir.sequence"].next_by_code("loyalty.care.plan"),
                }
                for key, unit in zip(keys, units, strict=True)
            ]
        )
        plans._start()
        return plans

    def _prepare_plan(self, line, item, facts):
        document, product = facts["document"], line.product_id
        company = document.company_id
        return {
            "partner_id": facts["partner"].id,
            "company_id": company.id,
            "product_id": product.id,
            "item_product_id": item.product_id.id,
            "item_model": item.order_id._name,
            "item_id": item.order_id.id,
            "item_line_id": item.id,
            "months": product.care_months,
            "claims_included": product.care_claims,
            "fee": product.with_company(company).care_fee,
            "currency_id": product.with_company(company).currency_id.id,
            "paid_on": company._get_loyalty_day(facts["moment"]),
            "origin_model": document._name,
            "origin_id": document.id,
            "origin_line_id": line.id,
        }

    def _search_covering(self, items):
        """Return the plans that cover these lines of sales."""
        return self.search(
            [
                ("item_model", "=", items._fields["order_id"].comodel_name),
                ("item_line_id", "in", items.ids),
                ("state", "in", RUNNING),
            ],
            order="item_line_id, item_unit",
        )

    def _get_item(self):
        """Return the line of the sale of what is covered."""
        self.ensure_one()
        lines = f"{self.item_model}.line"
        return self.env[lines].browse(self.item_line_id).exists()

    def _start(self):
        """Start the waiting plans whose item has arrived."""
        for plan in self.filtered(lambda plan: plan.state == "waiting"):
            item = plan._get_item()
            delivered_on = item._get_care_delivery_day()
            if not delivered_on:
                continue
            used = self._search_covering(item).mapped("serial_number")
            serials = [name for name in item._get_care_serials() if name not in used]
            first, last = care.care_term(plan.months, plan.paid_on, delivered_on)
            days = plan.product_id.care_reminder_days
            plan.write(
                {
                    "state": "active",
                    "serial_number": serials[0] if serials else False,
                    "starts_on": first,
                    "ends_on": last,
                    "remind_on": days and last - timedelta(days=days),
                }
            )

    # === End ===

    def _cancel(self, reason):
        """End plans for good; claims that nobody decided about go with them.

        :param str reason: a sentence for the chatter
        """
        running = self.filtered(lambda plan: plan.state in RUNNING)
        running.state = "cancelled"
        open_claims = running.claim_ids.filtered(lambda claim: claim.state == "new")
        open_claims._decide("cancelled", reason)
        for plan in running:
            plan.message_post(body=reason)

    def _get_uses(self):
        """Return the numbers of the claims that this plan has paid for."""
        used = self.claim_ids.filtered(
            lambda claim: claim.state in ("accepted", "done")
        )
        return used.mapped("name")

    def _check_may_be_refunded(self):
        """Refuse to give all the money back for a plan that was used.

        :raise UserError: names the claims
        """
        for plan in self:
            if uses := plan._get_uses():
                raise UserError(
                    self.env._(
                        "The care plan %(plan)s was used: %(claims)s. It cannot be "
                        "refunded in full. Lower the amount of the credit note.",
                        plan=plan.name,
                        claims=", ".join(uses),
                    )
                )

    def _end_orphans(self, item, facts):
        """End the plans of a line whose units went back, the least used first.

        :param item: the line of the sale
        :param SoldItem facts: what is known of it by now
        """
        plans = self._search_covering(item)
        count = care.count_orphans(replace(facts, covered=len(plans)))
        plans._sort_returned()[:count]._cancel(
            self.env._("The covered item went back: the care plan ended with it.")
        )

    def _sort_returned(self):
        """Return plans in the order in which they lose their item."""
        return self.sorted(lambda plan: (len(plan._get_uses()), -plan.item_unit))

    # === The back office ===

    def action_view_origin(self):
        """Open the sale that paid for this plan."""
        self.ensure_one()
        return self._open(self.origin_model, self.origin_id)

    def action_view_item(self):
        """Open the sale of the covered item."""
        self.ensure_one()
        return self._open(self.item_model, self.item_id)

    def action_new_claim(self):
        """Write down a claim of the customer."""
        self.ensure_one()
        return {
            **self._open("loyalty.care.claim", False),
            "context": {"default_plan_id": self.id},
        }

    def _open(self, model, record_id):
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": record_id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
