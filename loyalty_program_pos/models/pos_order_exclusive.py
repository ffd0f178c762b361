from odoo import fields, models


class PosOrder(models.Model):
    """What a till sold to somebody whom it is not for is kept, and told."""

    _inherit = "pos.order"

    exclusive_note = fields.Text(
        string="Sold to a customer whom it is not for",
        help="A till without a connection, or with old data, sold what is exclusive.",
        readonly=True,
        copy=False,
    )

    def action_pos_order_paid(self):
        result = super().action_pos_order_paid()
        for order in self:
            order._flag_exclusive()
        return result

    def _flag_exclusive(self):
        """Write down, once, what is not for the customer; the sale stays."""
        # sudo: the flag is written by the server, tills may not.
        order = self.sudo()
        if order.exclusive_note:
            return
        templates = order.lines.product_id.product_tmpl_id
        if not any(templates.mapped("has_audience")):
            return
        sold = order.lines.filtered(lambda line: line._is_exclusive_asked())
        templates = sold.product_id.product_tmpl_id
        refused = templates - templates._filter_for(order.partner_id)
        if not refused:
            return
        order.exclusive_note = "\n".join(
            template._explain_audience() for template in refused
        )
        customer = order.partner_id.display_name or self.env._("somebody unknown")
        order.message_post(
            body=self.env._(
                "Sold to %(customer)s, whom it is not for: %(reasons)s Please check.",
                customer=customer,
                reasons=" ".join(order.exclusive_note.splitlines()),
            )
        )


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _is_exclusive_asked(self):
        """Tell whether the line sells something that no quotation answers for."""
        self.ensure_one()
        # Only where ``pos_sale`` is installed, a line may come from a quotation.
        has_link = "sale_order_line_id" in self._fields
        from_quotation = has_link and self.sale_order_line_id
        return (
            self.qty > 0
            and not self.is_reward_line
            and not self.refunded_orderline_id
            and not from_quotation
        )
