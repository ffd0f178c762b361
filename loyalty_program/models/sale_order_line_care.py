from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import care

#: Items offered for the choice of one.
MOST_CANDIDATES = 80


class SaleOrderLine(models.Model):
    """A line that sells a care plan says which sold item it covers."""

    _inherit = "sale.order.line"

    is_care_plan = fields.Boolean(related="product_id.is_care_plan")
    care_item_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Covers",
        help="The sold item that the plan is for, of this order or an earlier one.",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        domain="[('id', 'in', care_candidate_ids)]",
    )
    care_candidate_ids = fields.Many2many(
        comodel_name="sale.order.line",
        string="May cover",
        compute="_compute_care_candidates",
    )
    care_refusal = fields.Char(
        string="Not covered",
        compute="_compute_care_refusal",
    )
    care_told = fields.Boolean(
        help="The seller was told that this plan could not begin.",
        readonly=True,
        copy=False,
    )

    @api.depends("product_id", "order_id.partner_id", "order_id.order_line.product_id")
    def _compute_care_candidates(self):
        for line in self:
            found = line.browse()
            if line._is_care_line():
                found = line._get_care_items_here()._origin | line._search_care_items(
                    line.product_id.product_tmpl_id,
                    line._get_care_owner(),
                    line.order_id.company_id,
                )
            line.care_candidate_ids = found

    @api.depends(
        "product_id",
        "product_uom_qty",
        "state",
        "care_item_line_id",
        "order_id.partner_id",
        "order_id.order_line.product_id",
        "order_id.order_line.product_uom_qty",
    )
    @api.depends_context("lang")
    def _compute_care_refusal(self):
        for line in self:
            is_asked = line._is_care_line() and line.state in ("draft", "sent")
            line.care_refusal = is_asked and line._get_care_refusal()

    # === Changes of an order that is sold already ===

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_late_care()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if {"care_item_line_id", "product_uom_qty"} & vals.keys():
            self._check_late_care()
            if "care_item_line_id" in vals:
                self.order_id._begin_care_plans()
        return result

    def _check_late_care(self):
        """Refuse a plan on a confirmed order that could not have been confirmed.

        :raise UserError: says why; what was paid for already is kept
        """
        for line in self:
            if (
                line.state == "sale"
                and line._is_care_line()
                and not line.order_id._is_paid_for()
                and (refusal := line._get_care_refusal())
            ):
                raise UserError(refusal)

    # === What a plan may cover ===

    def _is_care_line(self):
        """Tell whether the line sells a care plan."""
        self.ensure_one()
        return (
            self.product_id.is_care_plan
            and not self.display_type
            and not self.is_reward_line
            and self.product_uom_qty > 0
        )

    def _get_care_items_here(self):
        """Return the lines of the same order that this plan is for."""
        plan = self.product_id.product_tmpl_id
        return self.order_id.order_line.filtered(
            lambda line: (
                not line.is_reward_line
                and line.product_uom_qty > 0
                and plan._is_care_for(line.product_id)
            )
        )

    @api.model
    def _search_care_items(self, template, owner, company, limit=MOST_CANDIDATES):
        """Return the sold lines of a customer that a care plan is for, newest first.

        :param template: the care plan, a ``product.template``
        :param owner: commercial contact
        """
        if not owner:
            return self.browse()
        return self.search(
            fields.Domain("order_id.partner_id", "child_of", owner.ids)
            & fields.Domain("company_id", "=", company.id)
            & fields.Domain("state", "=", "sale")
            & fields.Domain("is_downpayment", "=", False)
            & fields.Domain("product_id", "any", template._get_care_domain()),
            order="id desc",
            limit=limit,
        )

    def _get_care_owner(self):
        return self.order_id.partner_id.commercial_partner_id

    def _get_care_item(self):
        """Return the line that is covered: the chosen one, or the only one here."""
        self.ensure_one()
        if self.care_item_line_id:
            return self.care_item_line_id
        here = self._get_care_items_here()
        return here if len(here) == 1 else self.browse()

    def _get_care_quantity(self):
        """Return the line's quantity in the unit of the product, a Decimal."""
        self.ensure_one()
        unit = self.product_id.uom_id
        quantity = self.product_uom_qty
        if self.product_uom_id and self.product_uom_id != unit:
            quantity = self.product_uom_id._compute_quantity(
                quantity, unit, round=False
            )
        return Decimal(str(quantity))

    def _get_care_delivery_day(self):
        """Return the day from which the time to buy a plan counts, None before it.

        Without an inventory that is the day of the sale. Override to: know the
        delivery.
        """
        self.ensure_one()
        if self.state != "sale":
            return None
        return self.company_id._get_loyalty_day(self.order_id.date_order)

    def _get_care_serials(self):
        """Return the serial numbers that were delivered. Override to: know them."""
        return []

    def _get_care_returned(self):
        """Return how many units went back, by the credit notes."""
        self.ensure_one()
        # sudo: salespeople need not see the credit notes.
        line = self.sudo()
        back = line.invoice_lines.filtered(
            lambda each: (
                each.move_type == "out_refund" and each.parent_state == "posted"
            )
        )
        sold = self._get_care_quantity()
        if not back or not sold:
            return 0
        units = sum(
            each.product_uom_id._compute_quantity(
                each.quantity, line.product_id.uom_id, round=False
            )
            for each in back
        )
        return care.returned_units(
            Decimal(str(sum(back.mapped("price_subtotal")))),
            Decimal(str(line.price_subtotal)) / sold,
            Decimal(str(units)),
            Decimal(str(line.currency_id.rounding)),
        )

    # === Why not ===

    def _get_care_refusal(self, is_timely=False):
        """Return why this plan cannot cover its item, as a sentence, or None.

        :param bool is_timely: it was sold in time, only its payment comes later
        """
        self.ensure_one()
        name = self.product_id.display_name
        wanted = self._get_care_quantity()
        if wanted != int(wanted):
            return self.env._("“%(plan)s” is sold for whole items only.", plan=name)
        # sudo: the item may be on an order of a colleague.
        item = self._get_care_item().sudo()
        if not item:
            return self._get_care_missing_words()
        template = self.product_id.product_tmpl_id
        facts = item._get_sold_item(template, self._get_care_owner(), self.order_id)
        siblings = self.order_id.order_line.filtered(
            lambda line: line._is_care_line() and line._get_care_item() == item
        )
        wanted = sum(int(line._get_care_quantity()) for line in siblings)
        today = None if is_timely else self.company_id._get_loyalty_day()
        reason = care.find_sale_refusal(facts, wanted, template.care_buy_days, today)
        return reason and template._explain_care_refusal(reason, item.product_id, facts)

    def _get_care_missing_words(self):
        """Return what is to be done where no item is chosen."""
        return self.env._(
            "Choose the item that “%(plan)s” covers: one on this order, or one that "
            "the customer bought before.",
            plan=self.product_id.display_name,
        )

    def _get_sold_item(self, template=None, owner=None, order=None):
        """Return what the engine needs to know of this line as a covered item.

        :param template: the care plan that is to be sold, if any
        :param owner: commercial contact of its buyer
        :param order: the order of the plan, if there is one yet
        :rtype: engine.care.SoldItem
        """
        self.ensure_one()
        order = order or self.env["sale.order"]
        is_own = self.order_id == order or (
            self.state == "sale"
            and self.order_id.partner_id.commercial_partner_id == owner
            and self.company_id == (order or self).company_id
        )
        return care.SoldItem(
            is_own=is_own,
            is_suited=bool(template) and template._is_care_for(self.product_id),
            sold=self._get_care_quantity(),
            returned=self._get_care_returned(),
            covered=self._count_covered(order),
            delivered_on=self._get_care_delivery_day(),
        )

    def _count_covered(self, order):
        """Return how many units are covered, by other orders than ``order``.

        What is sold and not yet paid for covers as well.
        """
        if not self._origin:
            return 0
        # sudo: salespeople do not see the plans of all customers.
        plans = self.env["loyalty.care.plan"].sudo()
        own = fields.Domain("origin_model", "=", "sale.order") & fields.Domain(
            "origin_id", "=", order._origin.id
        )
        running = plans._search_covering(self._origin).filtered_domain(~own)
        # sudo: nor their orders.
        sold = self.sudo().search(
            [
                ("care_item_line_id", "=", self._origin.id),
                ("state", "=", "sale"),
                ("order_id", "!=", order._origin.id),
            ]
        )
        begun = plans.search_count(
            [("origin_model", "=", "sale.order"), ("origin_line_id", "in", sold.ids)]
        )
        quantity = sum(int(line._get_care_quantity()) for line in sold)
        return len(running) + max(0, quantity - begun)
