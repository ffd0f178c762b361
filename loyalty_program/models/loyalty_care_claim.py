from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL, format_date

from ..engine import care
from .forged_defaults import without_defaults

#: What follows what; everything else is refused.
STEPS = {
    "accepted": ("new",),
    "refused": ("new",),
    "cancelled": ("new", "accepted"),
    "done": ("accepted",),
}

#: What the steps themselves write.
GUARDED = frozenset(
    (
        "name",
        "plan_id",
        "number",
        "state",
        "fee_order_id",
        "filed_on",
        "decided_by_id",
        "decided_on",
    )
)


class LoyaltyCareClaim(models.Model):
    """A claim of a care plan: what happened, what was decided, by whom and when."""

    _name = "loyalty.care.claim"
    _description = "Care Claim"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    plan_id = fields.Many2one(
        comodel_name="loyalty.care.plan",
        string="Care plan",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('state', '=', 'active')]",
    )
    number = fields.Integer(
        string="Claim of the plan",
        help="Which of the plan's claims, from 0 on.",
        readonly=True,
        copy=False,
    )
    partner_id = fields.Many2one(related="plan_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    item_product_id = fields.Many2one(related="plan_id.item_product_id")
    serial_number = fields.Char(related="plan_id.serial_number")
    state = fields.Selection(
        selection=[
            ("new", "New"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="new",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        copy=False,
    )
    description = fields.Text(string="What happened", required=True)
    answer = fields.Text(
        string="Answer to the customer",
        help="Why it is refused, or what will be done.",
        copy=False,
    )
    filed_on = fields.Date(string="Claimed on", readonly=True, copy=False)
    decided_by_id = fields.Many2one(
        comodel_name="res.users", string="Decided by", readonly=True, copy=False
    )
    decided_on = fields.Date(string="Decided on", readonly=True, copy=False)
    fee = fields.Monetary(related="plan_id.fee")
    currency_id = fields.Many2one(related="plan_id.currency_id")
    fee_order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Order of the fee",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _number_unique = models.UniqueIndex(
        "(plan_id, number) WHERE state IN ('new', 'accepted', 'done')",
        "Somebody claimed at the same moment. Please look again what is left.",
    )

    # === File ===

    @api.model_create_multi
    def create(self, vals_list):
        """File claims, each of which a running plan must have left.

        :raise UserError: says why nothing can be claimed
        """
        guarded = self._get_guarded_fields() - {"plan_id"}
        model, claims = without_defaults(self, guarded), self.browse()
        for sent in vals_list:
            vals = {name: sent[name] for name in sent if name not in guarded}
            plan = self.env["loyalty.care.plan"].browse(vals.get("plan_id")).exists()
            plan.check_access("read")
            own = plan._prepare_claim() if plan else {}
            made = super(LoyaltyCareClaim, model).create([vals | own])
            claims |= made.with_env(self.env)
        for claim in claims:
            # sudo: customers file claims, the followers are ours to set.
            claim.sudo().message_subscribe(claim.partner_id.ids)
        return claims

    def write(self, vals):
        if self._get_guarded_fields() & vals.keys() and not self.env.su:
            raise AccessError(
                self.env._(
                    "A claim moves by its buttons: accept, refuse, done, cancel."
                )
            )
        return super().write(vals)

    @api.model
    def _get_guarded_fields(self):
        """Return the names of what only the steps write, whoever claims or answers."""
        return GUARDED

    # === Decide ===

    def action_accept(self):
        """Take the claim on; its fee is ordered."""
        for claim in self._decide("accepted"):
            claim._order_fee()
        return True

    def action_refuse(self):
        """Refuse with a reason; the claim is given back to the plan."""
        for claim in self:
            if not (claim.answer or "").strip():
                raise UserError(
                    self.env._(
                        "Write an answer to the customer first: why is %(claim)s "
                        "refused?",
                        claim=claim.name,
                    )
                )
        self._decide("refused")
        return True

    def action_done(self):
        """Close what was repaired or replaced."""
        self._decide("done")
        return True

    def action_cancel(self):
        """Take the claim back; its fee must not have been invoiced."""
        for claim in self:
            # sudo: whoever answers claims need not be a salesperson.
            fee_order = claim.fee_order_id.sudo()
            if fee_order.invoice_ids.filtered(lambda move: move.state == "posted"):
                raise UserError(
                    self.env._(
                        "The fee of %(claim)s is on an invoice. Credit the invoice "
                        "first.",
                        claim=claim.name,
                    )
                )
            if fee_order.state == "sale":
                fee_order._action_cancel()
        self._decide("cancelled")
        return True

    def _decide(self, state, note=None):
        """Move claims to another state and tell their customers.

        :param str note: a sentence for the chatter
        :return: the claims, in sudo
        :raise UserError: that step does not follow
        """
        self.check_access("write")
        for claim in self:
            if claim.state not in STEPS[state]:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(claim)s is “%(now)s”: it cannot become “%(then)s”.",
                        claim=claim.name,
                        now=labels[claim.state],
                        then=labels[state],
                    )
                )
        # sudo: the right to write was checked; the step itself is guarded.
        claims = self.sudo()
        for claim in claims:
            claim.write(
                {
                    "state": state,
                    "decided_by_id": self.env.user.id,
                    "decided_on": claim.company_id._get_loyalty_day(),
                }
            )
            claim.message_post(
                body=note or claim._get_decision_words(),
                subtype_xmlid="mail.mt_comment",
            )
        return claims

    def _get_decision_words(self):
        """Return what the customer is told of the decision."""
        self.ensure_one()
        words = {
            "accepted": self.env._(
                "Your claim %(claim)s was accepted.", claim=self.name
            ),
            "refused": self.env._("Your claim %(claim)s was refused.", claim=self.name),
            "done": self.env._("Your claim %(claim)s is done.", claim=self.name),
            "cancelled": self.env._(
                "Your claim %(claim)s was cancelled.", claim=self.name
            ),
        }
        return " ".join(filter(None, [words[self.state], self.answer]))

    # === The fee ===

    def _order_fee(self):
        """Order the fee in the customer's name; it is invoiced like any order."""
        self.ensure_one()
        plan = self.plan_id
        if plan.currency_id.is_zero(plan.fee):
            return
        product = self.env.ref("loyalty_program.product_care_fee")
        orders = self.env["sale.order"].with_company(self.company_id)
        order = orders.create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "origin": self.name,
            }
        )
        price = plan.currency_id._convert(
            plan.fee,
            order.currency_id,
            self.company_id,
            self.company_id._get_loyalty_day(),
        )
        line = {
            "product_id": product.id,
            "name": self.env._(
                "Fee of the claim %(claim)s (care plan %(plan)s)",
                claim=self.name,
                plan=plan.name,
            ),
            "price_unit": price,
        }
        order.order_line = [Command.create(line)]
        order.action_confirm()
        self.fee_order_id = order

    def action_view_fee_order(self):
        """Open the order of the fee."""
        self.ensure_one()
        return self.plan_id._open("sale.order", self.fee_order_id.id)


class LoyaltyCarePlan(models.Model):
    _inherit = "loyalty.care.plan"

    def _get_claim_refusal(self):
        """Return why nothing can be claimed today, as a sentence, or None."""
        self.ensure_one()
        term = (self.starts_on, self.ends_on)
        reason = care.find_claim_refusal(
            self.state == "active",
            term,
            self.claims_left,
            self.company_id._get_loyalty_day(),
        )
        words = {
            care.NOT_RUNNING: self.env._(
                "The care plan %(plan)s is not active.", plan=self.name
            ),
            care.NOT_YET: self.env._(
                "The care plan %(plan)s begins on %(day)s.",
                plan=self.name,
                day=format_date(self.env, self.starts_on),
            ),
            care.OVER: self.env._(
                "The care plan %(plan)s ended on %(day)s.",
                plan=self.name,
                day=format_date(self.env, self.ends_on),
            ),
            care.NONE_LEFT: self.env._(
                "All claims of the care plan %(plan)s are used.", plan=self.name
            ),
        }
        return words.get(reason)

    def _meet_other_claims(self):
        """Let of two claims at once one begin anew, when it sees the other."""
        self.flush_recordset()
        # SQL: a new version of the row, with the values that it has.
        self.env.cr.execute(
            SQL("UPDATE loyalty_care_plan SET name = name WHERE id = %s", self.id)
        )

    def _prepare_claim(self):
        """Return what a new claim gets by itself.

        :raise UserError: says why nothing can be claimed
        """
        self.ensure_one()
        # sudo: the rules look at all claims, whoever files this one.
        plan = self.sudo()
        plan._meet_other_claims()
        # A claim that was just refused has given its number back.
        plan.claim_ids.flush_recordset(["state"])
        if refusal := plan._get_claim_refusal():
            raise UserError(refusal)
        counted = plan.claim_ids.filtered(lambda claim: claim.state in care.COUNTED)
        sequence = plan.env["ir.sequence"].with_company(plan.company_id)
        return {
            "name": sequence.next_by_code("loyalty.care.claim"),
            "number": care.free_numbers(set(counted.mapped("number")), 1)[0],
            "state": "new",
            "filed_on": plan.company_id._get_loyalty_day(),
        }
