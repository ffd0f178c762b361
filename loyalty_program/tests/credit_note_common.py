from odoo import fields
from odoo.fields import Command

from .common import LoyaltyCase


class CreditNoteCase(LoyaltyCase):
    """Orders that an accountant invoices and credits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._make_user("books", "account.group_account_invoice")
        cls.single = cls._make_product("Single", 20)
        cls.album = cls._make_product("Album", 33.33)

    def _buy_and_invoice(self, *lines):
        order = self._buy(
            *(lines or ({"product_id": self.single.id, "product_uom_qty": 5},))
        )
        self._invoice(order)
        return order

    def _invoice(self, order):
        invoice = order.sudo()._create_invoices()
        invoice.invoice_date = fields.Date.today()
        invoice.with_user(self.accountant).action_post()
        return invoice

    def _credit(self, order, quantities=None, post=True, **values):
        """Credit the order's invoice, the whole or {line number: quantity}."""
        invoice = order.sudo().invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        )[:1]
        wizard = (
            self.env["account.move.reversal"]
            .with_user(self.accountant)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        note = self.env["account.move"].browse(wizard.reverse_moves()["res_id"])
        if quantities is not None:
            lines = note.invoice_line_ids.sorted("sequence")
            note.invoice_line_ids = [
                Command.update(line.id, {"quantity": quantities[number]})
                if quantities.get(number)
                else Command.delete(line.id)
                for number, line in enumerate(lines)
            ]
        if values:
            note.invoice_line_ids[0].write(values)
        if post:
            note.with_user(self.accountant).action_post()
        return note.with_user(self.accountant)
