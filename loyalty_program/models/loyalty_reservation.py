from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.values import ZERO

#: How long points wait for a sale that is being paid. A till that was told "yes" sends
#: the sale within seconds; one that never does keeps nothing from anybody for long.
PATIENCE = timedelta(minutes=2)

#: Programmes without a ledger whose cards are kept like points: what one holds is used
#: once.
KEPT_TYPES = ("coupons", "gift_card", "ewallet")


class LoyaltyReservation(models.Model):
    """What a sale is being paid with at this moment, see ADR 26."""

    _name = "loyalty.reservation"
    _description = "Loyalty Points Reservation"
    _log_access = False

    card_id = fields.Many2one(
        comodel_name="loyalty.card",
        string="Account",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    holder = fields.Char(help="Names the sale.", required=True, readonly=True)
    points = fields.Float(digits=0, required=True, readonly=True)
    until = fields.Datetime(required=True, readonly=True)

    _holder_unique = models.UniqueIndex("(holder, card_id)")

    @api.autovacuum
    def _gc_reservations(self):
        self.search([("until", "<", fields.Datetime.now())]).unlink()


class LoyaltyLedger(models.AbstractModel):
    """Who may pay with the last points, before anything is paid."""

    _inherit = "loyalty.ledger"

    @api.model
    def _reserve(self, wishes, holder):
        """Keep points for a sale that is about to be paid with them.

        :param dict wishes: {card: points to spend, Decimal}
        :param str holder: names the sale; asking again replaces what it asked before
        :return: the cards whose points are not free; nothing is kept then
        """
        cards = self.env["loyalty.card"].union(*wishes)
        accounts = {card: card._get_account() for card in cards}
        # One after the other: who comes second is tried again and sees the first.
        self.env["loyalty.card"].flush_model()
        ids = {account.id for account in accounts.values()}
        self.env.execute_query(self._query_take_turn(ids))
        self._forget_balances(cards)
        self._lapse_shown(cards)
        self._release(holder)
        reserved = self._get_reserved(ids)
        missing = cards.filtered(
            lambda card: (
                self._quantize_stock(accounts[card].points)
                - reserved[accounts[card].id]
                < wishes[card]
            )
        )
        if not missing:
            self.env["loyalty.reservation"].create(
                [
                    {
                        "card_id": accounts[card].id,
                        "holder": holder,
                        "points": float(points),
                        "until": fields.Datetime.now() + PATIENCE,
                    }
                    for card, points in wishes.items()
                ]
            )
        return missing

    @api.model
    def _release(self, holder):
        """Let go of what is kept for a sale: it was posted, or asks anew."""
        self.env["loyalty.reservation"].search([("holder", "=", holder)]).unlink()

    def _get_reserved(self, account_ids):
        """Return {account id: points kept for sales that are being paid}."""
        self.env["loyalty.reservation"].flush_model()
        # SQL: exact sums, and one statement for all.
        rows = self.env.execute_query(
            SQL(
                """SELECT card_id, SUM(points)::text FROM loyalty_reservation
                   WHERE card_id = ANY(%s) AND until > %s GROUP BY card_id""",
                list(account_ids),
                fields.Datetime.now(),
            )
        )
        reserved = defaultdict(lambda: ZERO)
        reserved.update((card_id, Decimal(points)) for card_id, points in rows)
        return reserved


class LoyaltyCard(models.Model):
    _inherit = "loyalty.card"

    def _explain_uncovered(self):
        """Return why the points do not pay for what is asked for, as a sentence."""
        return self.env._(
            "%(member)s does not have enough points for this reward. "
            "Update the rewards and try again.",
            member=self.partner_id.display_name or self.code,
        )

    def _explain_reserved(self):
        """Return why the points cannot be spent just now, as a sentence."""
        self.ensure_one()
        if self.program_type == "coupons":
            return self.env._(
                "The coupon %(code)s is being used elsewhere at this moment. Try again "
                "in two minutes.",
                code=self.code,
            )
        if self.program_type == "gift_card":
            return self.env._(
                "The gift card %(code)s is being used elsewhere at this moment. Try "
                "again in two minutes.",
                code=self.code,
            )
        if self.program_type == "ewallet":
            return self.env._(
                "The eWallet of %(member)s is being used elsewhere at this moment. Try "
                "again in two minutes.",
                member=self.partner_id.display_name or self.code,
            )
        return self.env._(
            "The points of %(member)s are being spent elsewhere at this moment. Try "
            "again in two minutes.",
            member=self.partner_id.display_name or self.code,
        )


class SaleOrder(models.Model):
    """An order does not take what a till is being paid with."""

    _inherit = "sale.order"

    def _confirmation_error_message(self):
        """Override of ``sale``: what a card holds is used once, in whatever channel."""
        if message := super()._confirmation_error_message():
            return message
        # sudo: till and order see the same cards, whoever sells.
        lines = self.sudo().order_line
        cards = lines.coupon_id.filtered(lambda own: own.program_type in KEPT_TYPES)
        if not cards or self._is_paid_for():
            return False
        ledger = lines.env["loyalty.ledger"]
        reserved = ledger._get_reserved(set(cards.ids))
        for card in cards.filtered(lambda own: own.id in reserved):
            # Odoo has taken off them what this order costs, before it asks.
            if ledger._quantize_stock(card.points) < reserved[card.id]:
                return card.with_env(self.env)._explain_reserved()
        return False
