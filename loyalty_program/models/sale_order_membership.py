from odoo import fields, models


class SaleOrder(models.Model):
    """Memberships that are sold begin with their payment and end with its return."""

    _inherit = "sale.order"

    def _post_late_loyalty(self, moment):
        result = super()._post_late_loyalty(moment)
        if moment == "payment":
            self._begin_paid_memberships()
        return result

    def _post_loyalty(self):
        result = super()._post_loyalty()
        # Paid before it was confirmed, or nothing to pay at all.
        self._begin_paid_memberships()
        return result

    def _begin_paid_memberships(self):
        """Begin the terms of memberships whose money has arrived, once each."""
        # sudo: what was paid for is a fact, whoever books the payment.
        orders = self.sudo().filtered(lambda order: order.state == "sale")
        lines = orders.order_line.filtered(
            lambda line: line.product_id.loyalty_tier_id and line.product_uom_qty >= 1
        )
        for line in lines:
            order = line.order_id
            if order._is_loyalty_settled():
                orders.env["loyalty.paid.membership"]._begin(
                    line,
                    line.product_id,
                    int(line.product_uom_qty),
                    {
                        "partner": order.partner_id,
                        "document": order,
                        "moment": fields.Datetime.now(),
                    },
                )

    def _action_cancel(self):
        result = super()._action_cancel()
        # sudo: a membership follows its order, whoever cancels that.
        terms = self.env["loyalty.paid.membership"].sudo()
        if terms._has_any():
            terms.search(
                [
                    ("origin_model", "=", self._name),
                    ("origin_id", "in", self.ids),
                    ("state", "in", ("waiting", "active")),
                ]
            )._cancel()
        return result


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        refunds = self.filtered(lambda move: move.move_type == "out_refund")
        refunds._check_memberships_unused()
        result = super()._post(soft)
        posted = refunds.filtered(lambda move: move.state == "posted")
        posted._get_refunded_memberships()._cancel()
        return result

    def _get_refunded_memberships(self, whole=False):
        """Return the terms whose money these credit notes give back.

        :param bool whole: only those whose price comes back in full
        """
        # sudo: whoever books the credit note need not see memberships.
        terms = self.env["loyalty.paid.membership"].sudo()
        # sudo: nor the orders that they came from.
        for line in self.sudo().invoice_line_ids:
            sold = line.sale_line_ids.filtered("product_id.loyalty_tier_id")
            price = min((_get_net_price(sale) for sale in sold), default=0)
            if not sold or (whole and _get_net_price(line) < price):
                continue
            own = terms.search(
                [
                    ("origin_model", "=", "sale.order"),
                    ("origin_line_id", "in", sold.ids),
                    ("state", "in", ("waiting", "active")),
                ],
                order="starts_on desc, id desc",
            )
            terms |= own[: int(line.quantity)]
        return terms

    def _check_memberships_unused(self):
        self._get_refunded_memberships(whole=True)._check_may_be_refunded()


def _get_net_price(line):
    """Return the price of one unit of a sales order's or an invoice's line."""
    return line.price_unit * (1 - line.discount / 100)
