from fractions import Fraction

from odoo import fields, models
from odoo.exceptions import UserError

from ..engine import proration
from ..engine.values import ZERO
from .sale_order_undo import Scope


class SaleOrder(models.Model):
    """An order may be the first one of somebody whom a member brought."""

    _inherit = "sale.order"

    referral_card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Brought by",
        help="The member whose link or code the customer came with.",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    referral_network = fields.Char(readonly=True, copy=False)

    # === What the order is now ===

    def _is_referral_paid(self):
        """Tell whether the order is confirmed and its money has arrived."""
        self.ensure_one()
        return self.state == "sale" and self._is_loyalty_settled()

    def _get_referral_people(self):
        """Return the contacts of the order, whose addresses are looked at."""
        return self.partner_id | self.partner_shipping_id | self.partner_invoice_id

    def _get_referral_kept(self, program):
        """Return how much of the order the customer keeps.

        :return: in the programme's currency; 0 when all of it came back
        """
        self.ensure_one()
        if self.state != "sale":
            return 0.0
        settled = self.env["loyalty.ledger"]._get_settled(self)
        scope = Scope(program, self.env["account.move"], settled)
        kept = total = Fraction(0)
        for line in self.order_line.filtered(self._counts_for_loyalty):
            ordered, ins, outs = line._get_loyalty_flows(scope)
            if ordered > 0:
                kept += proration.kept_amount(ordered, ordered, ins, outs)
                total += ordered
        share = kept / total if total else ZERO
        return float(share) * float(
            self._to_program_currency(self.amount_total, program)
        )

    # === When it changes ===

    def _post_loyalty(self):
        result = super()._post_loyalty()
        self._claim_referrals()
        self.env["loyalty.referral"]._follow(self)
        return result

    def _post_late_loyalty(self, moment):
        result = super()._post_late_loyalty(moment)
        if moment == "payment":
            self.env["loyalty.referral"]._follow(self)
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self.env["loyalty.referral"]._follow(self)
        return result

    def _sync_loyalty(self, document=None, moves=None, refuse_debt=True):
        result = super()._sync_loyalty(document, moves, refuse_debt)
        if not moves:
            self.env["loyalty.referral"]._follow(self)
        return result

    def _claim_referrals(self):
        """Note by whom the customers were brought who came with a link or a code.

        What is confirmed is never refused for it: the order says what went wrong.
        """
        for order in self.filtered("referral_card_id"):
            # sudo: referrals are closed to everybody but the suite.
            referrals = self.env["loyalty.referral"].sudo()
            try:
                with self.env.cr.savepoint():
                    # sudo: as above.
                    referrals._claim(
                        order.sudo().referral_card_id,
                        order.partner_id.sudo(),
                        order._get_loyalty_channel(),
                        network=order.sudo().referral_network,
                        document=order.sudo(),
                    )
            except UserError as error:
                order.message_post(
                    body=self.env._(
                        "Nobody was noted for bringing the customer: %(reason)s",
                        reason=error,
                    )
                )
