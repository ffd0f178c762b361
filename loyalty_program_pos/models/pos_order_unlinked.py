from decimal import Decimal

from odoo import fields, models

from odoo.addons.loyalty_program.engine.bonus import combine
from odoo.addons.loyalty_program.engine.shares import to_text
from odoo.addons.loyalty_program.engine.values import ZERO


class PosOrder(models.Model):
    """Goods that come back without their sale: no receipt, a quantity below zero.

    No entry tells what they earned. They take what they would earn today, so that
    nobody buys, brings back and keeps the points.
    """

    _inherit = "pos.order"

    def _prepare_loyalty_postings(self, program, card):
        postings = super()._prepare_loyalty_postings(program, card)
        lines = self._get_unlinked_lines()
        day = program._get_local_date(min(self.date_order, fields.Datetime.now()))
        if lines and self.currency_id == program.currency_id and card._may_earn(day):
            factor = combine(card._get_earn_factors(day))
            points, base = self._get_unlinked(program, lines, factor, postings)
            if points > 0 or base > 0:
                posting = self._prepare_loyalty_posting(
                    card,
                    "adjust",
                    -points,
                    base_amount=-base,
                    counts_for_tier=True,
                    breakdown={
                        "cause": "unlinked",
                        "returned": [
                            {
                                "product_id": line.product_id.id,
                                "quantity": to_text(Decimal(repr(-line.qty))),
                            }
                            for line in lines
                        ],
                    },
                )
                postings.append(posting)
        return postings

    def _get_unlinked_lines(self):
        """Return the lines of goods that come back and name no sale."""
        return self.lines.filtered(
            lambda line: (
                line.qty < 0
                and line._get_loyalty_money() < 0
                and not line.is_reward_line
                and line._counts_for_loyalty()
            )
        )

    def _get_unlinked(self, program, lines, factor, postings):
        """Return (points, money) that the returned goods take beyond this order's own.

        In the order's sum they have lowered what it earns already.

        :param Decimal factor: what multiplies the member's points
        :param postings: what the order posts for the member
        """
        own = [p for p in postings if p.entry_type in ("earn", "bonus")]
        points = sum((p.points for p in own), ZERO)
        base = sum((p.base_amount for p in own), ZERO)
        basket = self._get_loyalty_basket(program)
        return program._evaluate_unlinked(basket, lines.ids, (points, base), factor)

    def _post_loyalty_gains(self):
        """Say on the order what is owed, where the programme wants no debts."""
        # sudo: points are a fact of the sale, whoever sells.
        ledger = self.sudo().env["loyalty.ledger"]
        with ledger._watch_debts() as seen:
            result = super()._post_loyalty_gains()
        if self._get_unlinked_lines():
            ledger._tell_debts(ledger._list_debts(seen), self, self)
        return result

    def _prepare_loyalty_figures(self, card, entries):
        figures = super()._prepare_loyalty_figures(card, entries)
        unlinked = entries.filtered(
            lambda entry: (entry.breakdown or {}).get("cause") == "unlinked"
        )
        figures["takenBack"] -= sum(unlinked.mapped("points"))
        return figures
