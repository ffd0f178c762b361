from contextlib import closing
from decimal import Decimal
from fractions import Fraction

from odoo import api, fields, models

from ..till_call import till_call
from odoo.addons.loyalty_program.engine import shapes
from odoo.addons.loyalty_program.engine.rounding import is_number, to_decimal
from odoo.addons.loyalty_program.engine.shares import to_text
from odoo.addons.loyalty_program.engine.values import Posting


class PosOrder(models.Model):
    """Points that were spent before their goods came back.

    Before money is given back the till asks what is missing. A programme may refuse
    the refund or take the value off it, by a line that this order then brings.
    """

    _inherit = "pos.order"

    @api.model
    @till_call(returns=shapes.list_of(shapes.pair_of(shapes.is_id, is_number)))
    def loyalty_check_refund(self, returns):
        """Tell what stands against a refund, or what to take off it. Posts nothing.

        :param list returns: [id of the line that was sold, quantity that comes back]
        :return: {"refused": a sentence or False, "product_id": of the lines that take
            something off, or False, "lines": those lines of now, each with name and
            price in the currency of the order}
        :raise AccessError: no till user, or orders that they may not see
        """
        quantities = dict(returns)
        lines = self.env["pos.order.line"].browse(quantities).exists()
        lines.check_access("read")
        # sudo: the ledger is closed to till users. The lines are ones they may refund.
        lines = lines.sudo()
        parts = {
            line.id: min(
                Fraction(to_decimal(quantities[line.id]))
                / Fraction(to_decimal(line.qty)),
                Fraction(1),
            )
            for line in lines
            if line.qty
        }
        product = self.env["loyalty.program"]._find_points_value_product()
        answer = {"refused": False, "product_id": product.id, "lines": []}
        room = sum(
            Fraction(to_decimal(line._get_loyalty_money())) * parts.get(line.id, 0)
            for line in lines
        )
        for debt in self._get_debts(lines, parts):
            program = debt.account.program_id
            if program.debt_policy == "refuse":
                answer["refused"] = self.env["loyalty.ledger"]._explain_debt(
                    debt.member, debt.points
                )
            elif program.debt_policy == "value":
                answer["lines"] += self._prepare_points_value(
                    program, debt.points, room
                )
        return answer

    def _prepare_points_value(self, program, missing, room):
        """Return the line, if any, that takes missing points off a refund."""
        points, money = program._price_missing(
            missing, Decimal(room.numerator) / Decimal(room.denominator)
        )
        if points <= 0:
            return []
        return [
            {
                "name": program._name_points_value(points),
                "price": float(money),
            }
        ]

    def _get_debts(self, lines, parts):
        """Return what would be owed more if goods came back, as a list of Debt."""
        ledger = lines.env["loyalty.ledger"]
        # The postings themselves say it best: they are made and thrown away.
        with closing(self.env.cr.savepoint()), ledger._watch_debts() as seen:
            for order in lines.order_id:
                targets, raised = order._compare_loyalty(parts)
                ledger._bring_undone(targets)
                ledger._post(raised, notify=False)
        return ledger._list_debts(seen)

    # === What the refund paid for them ===

    def _get_points_value_lines(self):
        if not self.lines.refunded_orderline_id:
            return self.lines.browse()
        product = self.env["loyalty.program"]._find_points_value_product()
        return self.lines.filtered(lambda line: line.product_id == product)

    def _settle_debts(self, debts, order):
        """Post what this refund's lines paid for points that are missing.

        :param list debts: what is owed since the goods of ``order`` came back
        """
        lines = self._get_points_value_lines()
        if not lines:
            return
        ledger = self.env["loyalty.ledger"]
        paid = sum(
            line._get_loyalty_amount(line._get_loyalty_money()) for line in lines
        ) - sum(
            to_decimal(entry.breakdown["money"])
            for entry in ledger._get_open_entries(self)
            if (entry.breakdown or {}).get("cause") == "value"
        )
        for debt in debts:
            program = debt.account.program_id
            if program.debt_policy != "value":
                continue
            bought, money = program._price_missing(debt.points, paid)
            if bought > 0:
                paid -= money
                ledger._post([self._prepare_bought_back(debt, order, bought, money)])

    def _prepare_bought_back(self, debt, order, points, money):
        return Posting(
            card_id=debt.member.id,
            account_id=debt.account.id,
            entry_type="adjust",
            points=points,
            key=f"{self._name}:{self.id}:value:{debt.account.id}:{order.id}",
            channel=self._get_loyalty_channel(),
            origin=(self._name, self.id),
            occurred_at=min(self.date_order, fields.Datetime.now()),
            breakdown={"cause": "value", "money": to_text(money)},
        )
