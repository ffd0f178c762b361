from decimal import Decimal

from odoo import models
from odoo.tools import float_compare


class PosOrder(models.Model):
    """What the till took off for a tier, checked once the customer has paid.

    The till may have been without a connection, or be a forged one. A paid sale is
    kept as it is; the manager reads on the order what does not fit.
    """

    _inherit = "pos.order"

    def action_pos_order_paid(self):
        # Before the order's own points can lift the tier.
        self._check_tier_discounts()
        self._check_discounts_taken_back()
        return super().action_pos_order_paid()

    def _check_tier_discounts(self):
        ids = self.env["loyalty.program"]._get_tier_discount_ids()
        if not ids:
            return
        for order in self:
            # sudo: whose promotion it is and who may use it is the server's to decide.
            lines = order.sudo().lines.filtered(
                lambda line: (
                    line.reward_id.program_id.id in ids
                    and not line.refunded_orderline_id
                )
            )
            for reward, own in lines.grouped("reward_id").items():
                order._check_tier_discount(reward, own)

    def _check_tier_discount(self, reward, lines):
        """Note on the order what was given to the wrong customer, or too much."""
        money = -lines._get_loyalty_money()
        words = {
            "discount": reward.description,
            "money": self.currency_id.format(money),
        }
        if not reward.program_id._is_for(self.partner_id):
            self.message_post(
                body=self.env._(
                    "The till took off %(money)s as “%(discount)s”, but by what we "
                    "know now the customer is not in that tier. Please check.",
                    **words,
                )
            )
            return
        limit = max(reward._get_claim_limit(lines), Decimal(0))
        # A cent a line: the till rounds each of them.
        slack = self.currency_id.rounding * max(len(self.lines), 1)
        if float_compare(money, float(limit) + slack, precision_digits=6) > 0:
            self.message_post(
                body=self.env._(
                    "The till took off %(money)s as “%(discount)s”, more than the "
                    "%(limit)s that the tier gives. Please check.",
                    limit=self.currency_id.format(float(limit)),
                    **words,
                )
            )

    def _check_discounts_taken_back(self):
        """Note where goods came back for more than was paid for them.

        The till takes the tier's percentage back with the goods; one that was opened
        before, or a forged one, may not.
        """
        ids = self.env["loyalty.program"]._get_tier_discount_ids()
        if not ids:
            return
        for refund in self.filtered("lines.refunded_orderline_id"):
            # sudo: see above.
            for sale in refund.sudo().lines.refunded_orderline_id.order_id:
                if not set(sale.lines.reward_id.program_id.ids).isdisjoint(ids):
                    refund._check_no_profit(sale)

    def _check_no_profit(self, sale):
        back = sale.lines.refund_orderline_ids.filtered(
            lambda line: (
                line.order_id == self or line.order_id.state not in ("draft", "cancel")
            )
        )
        paid = sale.lines._get_loyalty_money()
        profit = -back._get_loyalty_money() - paid
        slack = self.currency_id.rounding * max(len(back), 1)
        if float_compare(profit, slack, precision_digits=6) > 0:
            self.message_post(
                body=self.env._(
                    "For the goods of %(order)s %(money)s more was given back than was "
                    "paid: the discount of the tier was not taken back. Please check.",
                    order=sale.name,
                    money=self.currency_id.format(profit),
                )
            )
