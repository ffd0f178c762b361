from odoo import api, fields, models


class SaleOrder(models.Model):
    """Care plans that are sold begin with their payment and end with its return."""

    _inherit = "sale.order"

    has_care_plan = fields.Boolean(compute="_compute_care_warning")
    care_warning = fields.Text(
        string="Care plan without an item",
        compute="_compute_care_warning",
    )

    @api.depends("order_line.care_refusal", "order_line.product_id")
    def _compute_care_warning(self):
        for order in self:
            order.has_care_plan = any(order.order_line.mapped("is_care_plan"))
            order.care_warning = "\n".join(order._get_care_refusals())

    def _get_care_refusals(self):
        """Return why plans of the order cannot cover their items, each reason once."""
        self.ensure_one()
        refusals = [line.care_refusal for line in self.order_line]
        return list(dict.fromkeys(filter(None, refusals)))

    # === Sold ===

    def _confirmation_error_message(self):
        """Override of ``sale``: a plan is sold for an item, in time."""
        if message := super()._confirmation_error_message():
            return message
        refusals = self._get_care_refusals()
        # Most orders hold no plan: whether money came is asked for the others only.
        if not refusals or self._is_paid_for():
            return False
        return "\n".join(refusals)

    def _has_to_be_signed(self):
        """Override of ``sale``: nobody signs for a plan that covers nothing."""
        return super()._has_to_be_signed() and not self._get_care_refusals()

    def _has_to_be_paid(self):
        """Override of ``sale``: nobody pays for a plan that covers nothing."""
        return super()._has_to_be_paid() and not self._get_care_refusals()

    def action_confirm(self):
        """Override of ``sale``: from now on it is written down what a plan covers."""
        for line in self.order_line.filtered("is_care_plan"):
            if not line.care_item_line_id and (item := line._get_care_item()):
                line.care_item_line_id = item
        return super().action_confirm()

    # === Paid ===

    def _post_late_loyalty(self, moment):
        result = super()._post_late_loyalty(moment)
        if moment == "payment":
            self._begin_care_plans()
        elif moment == "delivery":
            # sudo: what was delivered is a fact, whoever books it.
            plans = self.env["loyalty.care.plan"].sudo()
            plans._search_covering(self.order_line)._start()
        return result

    def _post_loyalty(self):
        result = super()._post_loyalty()
        # Paid before it was confirmed, or nothing to pay at all.
        self._begin_care_plans()
        return result

    def _begin_care_plans(self):
        """Begin the plans whose money has arrived, once each."""
        # sudo: what was paid for is a fact, whoever books the payment.
        orders = self.sudo().filtered(lambda order: order.state == "sale")
        for order in orders:
            lines = order.order_line.filtered(lambda line: line._is_care_line())
            if lines and order._is_loyalty_settled():
                for line in lines:
                    order._begin_care_line(line)

    def _begin_care_line(self, line):
        plans, wanted = self.env["loyalty.care.plan"], int(line._get_care_quantity())
        begun = plans.search_count(
            [("origin_model", "=", self._name), ("origin_line_id", "=", line.id)]
        )
        if begun >= wanted:
            return
        if refusal := line._get_care_refusal(is_timely=True):
            if not line.care_told:
                line.care_told = True
                self._tell_seller(
                    self.env._("A care plan did not begin"),
                    self.env._(
                        "The care plan was paid for, but it did not begin. %(reason)s",
                        reason=refusal,
                    ),
                )
            return
        plans._begin(
            line,
            line._get_care_item(),
            range(wanted),
            {
                "partner": self.partner_id,
                "document": self,
                "moment": fields.Datetime.now(),
            },
        )

    # === Taken back ===

    def _action_cancel(self):
        result = super()._action_cancel()
        # sudo: plans follow their orders, whoever cancels those.
        plans = self.env["loyalty.care.plan"].sudo()
        bought = plans.search(
            [
                ("origin_model", "=", self._name),
                ("origin_id", "in", self.ids),
                ("state", "in", ("waiting", "active")),
            ]
        )
        bought._cancel(self.env._("The order of the care plan was cancelled."))
        plans._search_covering(self.order_line)._cancel(
            self.env._("The order of the covered item was cancelled.")
        )
        return result
