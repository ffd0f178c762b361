from datetime import datetime

from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestSharedProgram(LoyaltyCase):
    """A programme of all companies: an entry belongs to its document's company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create(
            {"name": "Other Ltd", "currency_id": cls.currency.id}
        )
        cls.program.company_id = False
        cls.companies = cls.company | cls.other
        cls.salesperson.company_ids = [Command.set(cls.companies.ids)]

    def _buy_there(self, price):
        """Confirm an order of the other company, while at work in this one."""
        line = {
            "product_id": self.product.id,
            "price_unit": price,
            "tax_ids": [Command.clear()],
        }
        order = (
            self.env["sale.order"]
            .with_company(self.other)
            .create(
                {
                    "partner_id": self.member.id,
                    "company_id": self.other.id,
                    "user_id": self.salesperson.id,
                    "order_line": [Command.create(line)],
                }
            )
            .with_user(self.salesperson)
            .with_context(allowed_company_ids=self.companies.ids)
        )
        self.assertEqual(order.env.company, self.company)
        order.action_confirm()
        return order

    def test_an_order_of_another_company_is_an_entry_of_that_company(self):
        order = self._buy_there(100)
        self.assertEqual(self._story(order), [("earn", 100)])
        self.assertEqual(self._entries(order).company_id, self.other)
        self.assertEqual(self._entries(self._buy(50)).company_id, self.company)
        order._action_cancel()
        self.assertEqual(self._entries(order).company_id, self.other)

    def test_without_a_document_it_is_the_company_at_work(self):
        self.assertEqual(self._post(5).company_id, self.company)
        lost = self._post(5, origin=("sale.order", 2**31 - 1))
        self.assertEqual(lost.company_id, self.company)

    def test_the_closed_books_are_the_documents(self):
        self.other.sudo().fiscalyear_lock_date = "2026-06-28"
        order, moment = self._buy_there(100), datetime(2026, 6, 20, 10)
        origin = (order._name, order.id)
        moved = self._post(1, "earn", occurred_at=moment, origin=origin)
        self.assertEqual(str(moved.occurred_at.date()), "2026-06-29")
        stayed = self._post(1, "earn", occurred_at=moment)
        self.assertEqual(stayed.occurred_at, moment)

    def test_a_document_that_is_known_is_not_looked_up(self):
        order = self._buy_there(10)
        origin = (order._name, order.id)
        moment = datetime(2026, 6, 30, 9)
        self._post(1, "earn", origin=origin, occurred_at=moment)
        posting = self._make_posting(5, "earn", origin=origin, occurred_at=moment)
        before = self.env.cr.sql_log_count
        entry = self.ledger._post([posting])
        self.assertEqual(self.env.cr.sql_log_count - before, 1)
        self.assertEqual(entry.company_id, self.other)
