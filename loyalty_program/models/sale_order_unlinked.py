from odoo import models
from odoo.exceptions import UserError

from ..engine.bonus import combine
from ..engine.rounding import to_decimal
from ..engine.shares import to_text
from ..engine.values import Posting
from .loyalty_ledger_undo import total


class SaleOrder(models.Model):
    """Goods that an order takes back without their sale: quantities below zero.

    No entry tells what they earned. They take what they would earn today, so that
    nobody buys, brings back and keeps the points.
    """

    _inherit = "sale.order"

    def _post_loyalty(self):
        result = super()._post_loyalty()
        for order in self:
            if order._get_unlinked_lines():
                order._take_back_unlinked()
        return result

    def _take_back_unlinked(self):
        """Post what the returned goods of a confirmed order take.

        :raise UserError: the programme refuses debts and points are missing
        """
        # sudo: the ledger is closed to everybody but the service, and whoever takes
        # goods back takes their points.
        order = self.sudo()
        ledger = order.env["loyalty.ledger"]
        with ledger._watch_debts() as seen:
            ledger._post(order._prepare_unlinked(order._get_loyalty_entries()))
        debts = ledger._list_debts(seen)
        for debt in () if order._is_loyalty_paid() else debts:
            if debt.account.program_id.debt_policy == "refuse":
                raise UserError(ledger._explain_debt(debt.member, debt.total))
        ledger._tell_debts(debts, self, self)

    def _compare_loyalty(self, entries, moves):
        targets, more = super()._compare_loyalty(entries, moves)
        return targets, more + self._prepare_unlinked(entries)

    def _prepare_unlinked(self, entries):
        """Return the postings that bring what returned goods took to what they take.

        :param entries: what the order has posted
        """
        posted = entries.filtered(
            lambda entry: (entry.breakdown or {}).get("cause") == "unlinked"
        )
        lines = self._get_unlinked_lines()
        if not lines and not posted:
            return []
        cards = {entry.member_card_id._get_successor() for entry in posted}
        postings = []
        for card in cards.union(self._get_unlinked_cards() if lines else ()):
            own = posted.filtered(
                lambda entry, c=card: entry.member_card_id._get_successor() == c
            )
            points, base = self._get_unlinked(card, lines)
            taken = points + total(own, "points"), base + total(own, "base_amount")
            if any(taken):
                postings.append(
                    self._prepare_unlinked_posting(card, lines, taken, len(own))
                )
        return postings

    def _prepare_unlinked_posting(self, card, lines, taken, number):
        points, base = taken
        life = f"{card.id}:{self.loyalty_round}"
        return Posting(
            card_id=card.id,
            entry_type="adjust",
            points=-points,
            base_amount=-base,
            key=f"sale.order:{self.id}:unlinked:{life}:{number}",
            channel=self._get_loyalty_channel(),
            origin=(self._name, self.id),
            counts_for_tier=True,
            breakdown={
                "cause": "unlinked",
                "returned": [
                    {
                        "product_id": line.product_id.id,
                        "quantity": to_text(-to_decimal(line.product_uom_qty)),
                    }
                    for line in lines
                ],
            },
        )

    def _get_unlinked_lines(self):
        """Return the lines of goods that come back and name no sale."""
        return self.order_line.filtered(
            lambda line: (
                line.product_uom_qty < 0
                and line.price_total < 0
                and not line.reward_id
                and not line.is_downpayment
                and self._counts_for_loyalty(line)
            )
        )

    def _get_unlinked_cards(self):
        """Return the customer's memberships that the returned goods may concern."""
        programs = self.env["loyalty.program"].search(
            [("is_managed", "=", True), ("ledger_policy", "=", "strict")], order="id"
        )
        return [
            card
            for program in programs
            if self._takes_part_in(program)
            and (card := self._get_loyalty_member_card(program))
            and card._may_earn()
        ]

    def _get_unlinked(self, card, lines):
        """Return (points, money) that the lines take in all of a member."""
        program = card.program_id
        basket = self._get_loyalty_basket(program)
        factor = combine(card._get_earn_factors())
        earned = program._evaluate(basket, factor)
        own = earned.points, earned.base
        return program._evaluate_unlinked(basket, lines.ids, own, factor)
