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
        money = -sum(lines.mapped("price_subtotal_incl"))
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
