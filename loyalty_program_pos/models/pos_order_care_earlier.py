from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .loyalty_card_past import SOLD
from odoo.addons.loyalty_program.engine import care

#: Items of a customer that are looked at for each plan.
MOST_ITEMS = 20
#: Documents whose lines a till may name.
SOLD_BY = ("pos.order", "sale.order")


class PosOrderLine(models.Model):
    """A till sells a care plan for something that the customer bought before.

    The line names the sold line, as a care plan does. The till is not believed: what
    it names must be the customer's, free and in time when the order is paid.
    """

    _inherit = "pos.order.line"

    care_item_model = fields.Char(
        string="Kind of the earlier purchase",
        help="pos.order or sale.order: where the covered item was sold.",
    )
    care_item_line_id = fields.Integer(
        string="Line of the earlier purchase",
        help="Id of the line that sold the covered item.",
    )
    care_item_name = fields.Char(string="Covers", help="The covered item, in words.")

    @api.model
    def _load_pos_data_fields(self, config):
        return super()._load_pos_data_fields(config) + [
            "care_item_line_id",
            "care_item_model",
            "care_item_name",
        ]

    def _names_care_item(self):
        """Tell whether the line says that it covers an earlier purchase."""
        self.ensure_one()
        return self.care_item_model in SOLD_BY and self.care_item_line_id > 0

    def _get_named_care_item(self):
        """Return the earlier sold line of the till's word, or an empty record."""
        self.ensure_one()
        lines = self.env[f"{self.care_item_model}.line"]
        item = lines.browse(self.care_item_line_id).exists()
        return item.filtered(
            lambda line: (
                line.company_id == self.company_id and line.order_id != self.order_id
            )
        )

    def _get_named_care_refusal(self, item):
        """Return why the plan cannot cover the earlier purchase, or None.

        :param item: see :meth:`_get_named_care_item`
        """
        self.ensure_one()
        order, template = self.order_id, self.product_id.product_tmpl_id
        if not item:
            return self.env._("There is no such earlier purchase.")
        facts = item._get_sold_item(template, order.partner_id.commercial_partner_id)
        day = order.company_id._get_loyalty_day(order.date_order)
        days = template.care_buy_days
        reason = care.find_sale_refusal(facts, int(self.qty), days, day)
        return reason and template._explain_care_refusal(reason, item.product_id, facts)

    @api.model
    def _search_care_items(self, template, owner, company, limit=MOST_ITEMS):
        """Return the lines of till orders that a care plan is for, newest first.

        Older ones than a plan could still be bought for are left out.

        :param template: the care plan, a ``product.template``
        :param owner: commercial contact
        """
        if not owner:
            return self.browse()
        # A day more: the day of the shop may be another one than the database's.
        days = timedelta(days=template.care_buy_days + 1)
        return self.search(
            Domain("order_id.partner_id", "child_of", owner.ids)
            & Domain("order_id.state", "in", SOLD)
            & Domain("order_id.date_order", ">=", fields.Datetime.now() - days)
            & Domain("company_id", "=", company.id)
            & Domain("qty", ">=", 1)
            & Domain("is_reward_line", "=", False)
            & Domain("refunded_orderline_id", "=", False)
            & Domain("product_id", "any", template._get_care_domain()),
            order="id desc",
            limit=limit,
        ).filtered(lambda line: line._get_care_source() == line)


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _begin_named_care_plans(self, lines, facts):
        """Begin plans for earlier purchases; what cannot begin is told.

        :param lines: lines that name an item
        :param dict facts: see ``loyalty.care.plan._begin``
        """
        plans = self.env["loyalty.care.plan"]
        for line in lines:
            item = line._get_named_care_item()
            refusal = line._get_named_care_refusal(item)
            if refusal or not self.partner_id:
                self._tell_about_care([line.product_id.display_name], refusal)
                continue
            line.care_item_name = self.env._(
                "%(item)s (%(document)s)",
                item=item.product_id.display_name,
                document=item.order_id.name,
            )
            plans._begin(line, item, range(int(line.qty)), facts)
