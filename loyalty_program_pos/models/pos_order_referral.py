from fractions import Fraction

from odoo import models
from odoo.fields import Domain

from odoo.addons.loyalty_program.engine.rounding import to_decimal


class PosOrder(models.Model):
    """A sale at the till may be the first one of somebody whom a member brought."""

    _inherit = "pos.order"

    def action_pos_order_paid(self):
        result = super().action_pos_order_paid()
        self.env["loyalty.referral"]._follow(
            self | self.lines.refunded_orderline_id.order_id
        )
        return result

    def action_pos_order_cancel(self):
        result = super().action_pos_order_cancel()
        self.env["loyalty.referral"]._follow(self)
        return result

    def _is_referral_paid(self):
        self.ensure_one()
        return self.state not in ("draft", "cancel")

    def _get_referral_people(self):
        return self.partner_id

    def _get_referral_kept(self, program):
        """Return how much of the order the customer keeps, see ``sale.order``."""
        self.ensure_one()
        if not self._is_referral_paid():
            return 0.0
        kept = total = Fraction(0)
        for line in self.lines.filtered(lambda line: line._get_loyalty_money() > 0):
            amount = Fraction(to_decimal(line.price_subtotal_incl))
            kept += amount * self._get_kept_part(line.id, {})
            total += amount
        amount = self._to_program_currency(to_decimal(self.amount_total), program)
        return float(kept / total * Fraction(amount)) if total else 0.0


class LoyaltyReferral(models.Model):
    _inherit = "loyalty.referral"

    def _has_bought(self, people, document):
        sold = Domain("partner_id", "in", people.ids)
        sold &= Domain("state", "not in", ("draft", "cancel"))
        sold &= ~self._get_own_domain(document, "pos.order")
        return super()._has_bought(people, document) or bool(
            self.env["pos.order"].search_count(sold, limit=1)
        )
