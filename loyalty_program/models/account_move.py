from odoo import fields, models
from odoo.fields import Command

from ..engine.rounding import to_decimal
from ..engine.shares import to_text
from ..engine.values import Posting


class AccountMove(models.Model):
    """Invoices and credit notes: the points follow the goods that come back.

    What was invoiced and credited is looked at as a whole, so that a credit note that
    is reset to draft gives the points again, and an invoice that replaces it as well.
    """

    _inherit = "account.move"

    def _post(self, soft=True):
        for move in self._get_loyalty_documents():
            if move.move_type == "out_refund" and not (soft and move._is_for_later()):
                # sudo: see _sync_loyalty.
                move.sudo()._keep_points_value()
        posted = super()._post(soft)
        posted._sync_loyalty()
        return posted

    def button_draft(self):
        documents = self._get_loyalty_documents()
        result = super().button_draft()
        documents._sync_loyalty()
        notes = documents.filtered(lambda move: move.move_type == "out_refund")
        if notes:
            # sudo: the ledger is closed to everybody but the service. What a credit
            # note posted itself is the value that was taken off it.
            self.env["loyalty.ledger"].sudo()._reverse_documents(notes)
        return result

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self._sync_loyalty()
        return result

    def _is_for_later(self):
        # The user's day, as in Odoo's own decision, which this foretells.
        return self.date > fields.Date.context_today(self)

    def _get_loyalty_documents(self):
        """Return the invoices and credit notes that stem from sales orders."""
        if not self.env["loyalty.program"]._has_strict():
            return self.browse()
        return self.filtered(
            lambda move: (
                move.is_sale_document(include_receipts=True)
                # sudo: an accountant need not be allowed to read the sales order.
                and move.sudo()._get_loyalty_orders()
            )
        )

    def _sync_loyalty(self, refuse_debt=True):
        """Bring the points of the sales orders behind the documents up to date."""
        moves = self._get_loyalty_documents()
        # sudo: an accountant need not be allowed to read the sales order.
        orders = moves.sudo()._get_loyalty_orders()
        if len(moves) > 1:
            # What is invoiced together has mostly earned nothing yet: one look tells.
            earned = set(orders._get_loyalty_entries().mapped("origin_id"))
            orders = orders.filtered(lambda order: order.id in earned)
        for move in moves:
            # sudo: see above.
            own = move.sudo()._get_loyalty_orders() & orders
            own._sync_loyalty(document=move, refuse_debt=refuse_debt)

    # === The value of points that are missing ===

    def _keep_points_value(self):
        """Take the value of points already spent off a credit note not yet posted."""
        self.ensure_one()
        orders = self._get_loyalty_orders()
        programs = orders._get_loyalty_entries().program_id
        if "value" not in programs.mapped("debt_policy"):
            return
        self._drop_points_value()
        ledger = self.env["loyalty.ledger"]
        with ledger._watch_debts() as seen:
            orders._sync_loyalty(document=self, moves=self)
        for debt in ledger._list_debts(seen):
            if debt.account.program_id.debt_policy == "value":
                self._take_off_points_value(debt)

    def _take_off_points_value(self, debt):
        """Let the customer pay for the missing points from the credit note.

        :param Debt debt: see ``loyalty.ledger._list_debts``
        """
        card, program = debt.member, debt.account.program_id
        room = self.currency_id._convert(
            self.amount_total,
            program.currency_id,
            self.company_id,
            self._get_coming_date(),
        )
        points, money = program._price_missing(debt.points, to_decimal(room))
        if points <= 0:
            return
        self.invoice_line_ids = [
            Command.create(self._prepare_points_value_line(card, points, money))
        ]
        ledger = self.env["loyalty.ledger"]
        number = self.env["loyalty.ledger.entry"].search_count(
            [("origin_model", "=", self._name), ("origin_id", "=", self.id)]
        )
        ledger._post(
            [
                Posting(
                    card_id=card.id,
                    account_id=debt.account.id,
                    entry_type="adjust",
                    points=points,
                    key=f"account.move:{self.id}:value:{card.id}:{number}",
                    origin=(self._name, self.id),
                    breakdown={"cause": "value", "money": to_text(money)},
                )
            ],
            notify=False,
        )

    def _get_coming_date(self):
        """Return the date that the credit note has, or gets from Odoo in a moment."""
        # The user's day, as Odoo dates what is posted without a date.
        return self.invoice_date or fields.Date.context_today(self)

    def _prepare_points_value_line(self, card, points, money):
        program = card.program_id
        amount = program.currency_id._convert(
            float(money), self.currency_id, self.company_id, self._get_coming_date()
        )
        customer = self.with_context(lang=self.partner_id.lang or self.env.lang)
        return {
            "product_id": program._get_points_value_product().id,
            "name": program.with_env(customer.env)._name_points_value(points),
            "quantity": 1,
            "price_unit": -amount,
            "tax_ids": [Command.clear()],
        }

    def _drop_points_value(self):
        product = self.env["loyalty.program"]._get_points_value_product()
        self.invoice_line_ids.filtered(lambda line: line.product_id == product).unlink()
