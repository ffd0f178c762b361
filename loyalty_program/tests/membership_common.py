from odoo.fields import Command

from .common import LoyaltyCase


class MembershipCase(LoyaltyCase):
    """A shop that sells Gold for a year."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=cls.company, install_demo=False
        )
        tiers = cls.program.tier_ids.sorted("threshold")
        cls.bronze, cls.silver, cls.gold = tiers[:3]
        cls.prime = cls._make_product("Gold for a year", 90, invoice_policy="order")
        cls.prime.product_tmpl_id.write(
            {"loyalty_tier_id": cls.gold.id, "loyalty_term_months": 12}
        )
        cls.terms = cls.env["loyalty.paid.membership"]

    def _order_prime(self, partner=None, quantity=1):
        line = {
            "product_id": self.prime.id,
            "product_uom_qty": quantity,
            "tax_ids": [Command.clear()],
        }
        order = self._make_order(partner or self.member, line)
        order.action_confirm()
        return order

    def _invoice(self, order):
        invoice = order.sudo()._create_invoices()
        invoice.action_post()
        return invoice

    def _pay(self, invoice):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({}).action_create_payments()

    def _sell(self, partner=None, quantity=1):
        """Sell the membership, paid; return (order, invoice, terms)."""
        order = self._order_prime(partner, quantity)
        invoice = self._invoice(order)
        self._pay(invoice)
        terms = self.terms.search([("origin_id", "=", order.id)], order="id")
        return order, invoice, terms

    def _credit(self, invoice, price=None):
        """Give the money of an invoice back, all of it or so much."""
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        note = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        if price is not None:
            note.invoice_line_ids.price_unit = price
        note.action_post()
        return note
