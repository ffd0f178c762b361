from collections import defaultdict
from decimal import Decimal

from odoo import models

from .loyalty_card_past import SOLD
from odoo.addons.loyalty_program.engine import care


class PosOrder(models.Model):
    """Care plans that a till sold begin at once and end when they are returned."""

    _inherit = "pos.order"

    def action_pos_order_paid(self):
        result = super().action_pos_order_paid()
        # sudo: a plan follows what was paid, whoever stands at the till.
        for order in self.sudo():
            order._begin_care_plans()
            order._end_care_plans()
        return result

    def _begin_care_plans(self):
        """Bind the plans of this sale to its items; what fits nothing is told once."""
        self.ensure_one()
        plans = self.env["loyalty.care.plan"]
        lines = self.lines.filtered(lambda line: line._is_care_line())
        begun = plans.search_count(
            [("origin_model", "=", self._name), ("origin_id", "=", self.id)]
        )
        if not lines or begun:
            return
        facts = {
            "partner": self.partner_id,
            "document": self,
            "moment": self.date_order,
        }
        quoted = lines.filtered(lambda line: line._get_quoted_care_item())
        for line in quoted:
            item = line._get_quoted_care_item()
            plans._begin(line, item, range(int(line.qty)), facts)
        named = (lines - quoted).filtered(lambda line: line._names_care_item())
        self._begin_named_care_plans(named, facts)
        # Each unit of a plan's line: (line, number of the unit).
        wanted = [
            (line, number)
            for line in lines - quoted - named
            for number in range(int(line.qty))
        ]
        unbound, numbers = [], defaultdict(list)
        for (line, number), item in zip(
            wanted, self._assign_care_items(wanted), strict=True
        ):
            if item and self.partner_id:
                numbers[line, item._get_care_source()].append(number)
            else:
                unbound.append(line.product_id.display_name)
        for (line, item), own in numbers.items():
            plans._begin(line, item, own, facts)
        if unbound:
            self._tell_about_care(unbound)

    def _assign_care_items(self, wanted):
        """Return the item of each wanted plan, an empty record where there is none.

        :param wanted: list of (line of the plan, number)
        """
        items = self.lines.filtered(lambda line: line._is_care_item())
        wishes = []
        for line, _number in wanted:
            template = line.product_id.product_tmpl_id
            suited = items.filtered(
                lambda item, template=template: template._is_care_for(item.product_id)
            )
            wishes.append(suited.ids)
        found = care.assign(wishes, {item.id: int(item.qty) for item in items})
        return [self.env["pos.order.line"].browse(item_id or []) for item_id in found]

    def _tell_about_care(self, names, reason=None):
        """Leave a note: the sale is kept, what was paid for covers nothing."""
        if not self.partner_id:
            reason = self.env._("No customer was chosen.")
        elif not reason:
            reason = self.env._("No item of the sale was left for them.")
        self.message_post(
            body=self.env._(
                "These care plans were paid for, but they did not begin: %(plans)s. "
                "%(reason)s Please check.",
                plans=", ".join(names),
                reason=reason,
            )
        )

    def _end_care_plans(self):
        """End plans that this refund gives the money back for, or the item of."""
        self.ensure_one()
        plans = self.env["loyalty.care.plan"]
        refunds = self.lines.filtered("refunded_orderline_id")
        for line in refunds.filtered("product_id.is_care_plan"):
            plans._return_at_till(line)
        # The plan's own money first: what is left of the plans loses its item.
        for item in refunds.refunded_orderline_id:
            source = item._get_care_source()
            if plans._search_covering(source):
                plans._end_orphans(source, item._get_sold_item())


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _is_care_line(self):
        """Tell whether the line sells a care plan."""
        self.ensure_one()
        return (
            self.product_id.is_care_plan
            and self.qty >= 1
            and not self.is_reward_line
            and not self.refunded_orderline_id
        )

    def _is_care_item(self):
        """Tell whether the line sells something that a plan may cover."""
        self.ensure_one()
        return (
            not self.product_id.is_care_plan
            and self.qty >= 1
            and not self.is_reward_line
            and not self.refunded_orderline_id
        )

    def _get_care_source(self):
        """Return the line that was sold first: the one of a quotation settled here."""
        self.ensure_one()
        # Only where ``pos_sale`` is installed, a line may come from a quotation.
        has_link = "sale_order_line_id" in self._fields
        return (has_link and self.sale_order_line_id) or self

    def _get_quoted_care_item(self):
        """Return what a quoted plan covers of an earlier order, maybe nothing."""
        self.ensure_one()
        source = self._get_care_source()
        nothing = self.env["sale.order.line"]
        if source == self or source.care_item_line_id.order_id == source.order_id:
            return nothing
        # Sold in time: the quotation was confirmed before it was paid here.
        refusal = source._get_care_refusal(is_timely=True)
        return nothing if refusal else source.care_item_line_id

    def _get_care_delivery_day(self):
        """Return the day of the sale: who buys at a till takes the item along."""
        self.ensure_one()
        order = self.order_id
        return order.company_id._get_loyalty_day(order.date_order)

    def _get_care_serials(self):
        """Return the serial numbers that the cashier scanned."""
        self.ensure_one()
        if self.product_id.tracking != "serial":
            return []
        return [name for name in self.pack_lot_ids.mapped("lot_name") if name]

    def _get_sold_item(self, template=None, owner=None):
        """Return what the engine needs to know of a line as a covered item.

        :param template: the care plan that is to be sold, if any
        :param owner: commercial contact of its buyer
        :rtype: engine.care.SoldItem
        """
        self.ensure_one()
        source, order = self._get_care_source(), self.order_id
        covering = self.env["loyalty.care.plan"]._search_covering(source)
        return care.SoldItem(
            is_own=order.state in SOLD
            and bool(owner)
            and order.partner_id.commercial_partner_id == owner,
            is_suited=bool(template)
            and template._is_care_for(self.product_id)
            and self._is_care_item(),
            sold=Decimal(str(self.qty)),
            returned=int(self.refunded_qty),
            covered=len(covering),
            delivered_on=self._get_care_delivery_day(),
        )


class LoyaltyCarePlan(models.Model):
    _inherit = "loyalty.care.plan"

    def _return_at_till(self, line):
        """End the plans that a refund gives the money back for.

        The money is out of the drawer already: a plan that was used ends all the same,
        and the managers are told.
        """
        sold = line.refunded_orderline_id
        plans = self.search(
            [
                ("origin_model", "=", sold.order_id._name),
                ("origin_line_id", "=", sold.id),
                ("state", "in", ("waiting", "active")),
            ]
        )._sort_returned()[: int(-line.qty)]
        for plan in plans:
            if uses := plan._get_uses():
                line.order_id.message_post(
                    body=self.env._(
                        "The care plan %(plan)s was refunded although it was used: "
                        "%(claims)s.",
                        plan=plan.name,
                        claims=", ".join(uses),
                    )
                )
        plans._cancel(self.env._("The money of the care plan went back."))


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _begin_care_line(self, line):
        """Override of ``loyalty_program``: what a till settled, the till has begun."""
        if "pos_order_line_ids" in line._fields and line.pos_order_line_ids:
            return
        super()._begin_care_line(line)
