from odoo import models

from odoo.addons.loyalty_program.engine.rounding import to_decimal


class PosSession(models.Model):
    """Gift cards and eWallets that paid a sale are charged, whatever got lost.

    Odoo's till charges them in a second call after the sale. Where the connection broke
    between the two, the sale is paid and the card is as full as before: whoever closes
    the register brings that up to date.
    """

    _inherit = "pos.session"

    def _validate_session(
        self,
        balancing_account=False,
        amount_to_balance=0,
        bank_payment_method_diffs=None,
    ):
        self._charge_lost_cards()
        return super()._validate_session(
            balancing_account, amount_to_balance, bank_payment_method_diffs
        )

    def _charge_lost_cards(self):
        """Charge the cards that paid for a sale of these sessions, and were not."""
        # sudo: what paid for a sale is taken off, whoever closes the register.
        lines = self.sudo().order_ids.lines.filtered(
            lambda line: (
                line.coupon_id
                and line.reward_id.program_id.is_payment_program
                and not line.reward_id.program_id._is_strict()
                and not line.refunded_orderline_id
                and line.order_id.state not in ("draft", "cancel")
                # What a sales order paid with a card, that order has charged.
                and not line._is_settled_here()
            )
        )
        known = lines.env["loyalty.history"].search(
            [
                ("order_model", "=", "pos.order"),
                ("order_id", "in", lines.order_id.ids),
                ("card_id", "in", lines.coupon_id.ids),
            ]
        )
        charged = {(note.order_id, note.card_id.id) for note in known}
        for (order, card), own in lines.grouped(
            lambda line: (line.order_id, line.coupon_id)
        ).items():
            if (order.id, card.id) not in charged:
                order._charge_lost_card(card, own)


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _charge_lost_card(self, card, lines):
        """Take off a card what it paid for by these lines, and tell so."""
        cost = sum(
            -line._get_loyalty_amount(line._get_loyalty_money())
            / to_decimal(line.reward_id.discount)
            for line in lines
        )
        points = card.currency_id.round(float(cost))
        with self.env["loyalty.ledger"]._claim(
            self, channel="pos", gain="earn", loss="redeem"
        ):
            card.points -= points
        card.history_ids.create(
            {
                "card_id": card.id,
                "order_model": self._name,
                "order_id": self.id,
                "description": self.env._("Onsite %(order)s", order=self.display_name),
                "used": points,
                "issued": 0,
            }
        )
        self.message_post(
            body=self.env._(
                "%(card)s paid %(amount)s of this sale and had not been charged: the "
                "till's message about it got lost. It was charged when the register "
                "was closed.",
                card=card.display_name,
                amount=card.currency_id.format(points),
            )
        )
        if card.currency_id.compare_amounts(card.points, 0) < 0:
            self._report_overdrawn(card)
