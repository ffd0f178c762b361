from odoo.fields import Command
from odoo.tests import tagged

from .credit_note_common import CreditNoteCase


@tagged("post_install", "-at_install")
class TestReturnCurrency(CreditNoteCase):
    """Returns of orders in another currency are measured with the rate of then."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.env["res.currency"].create(
            {
                "name": "TST",
                "symbol": "T",
                "rounding": 0.01,
                "rate_ids": [Command.create({"name": "2026-01-01", "rate": 2})],
            }
        )
        cls.pricelist = cls.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": cls.foreign.id}
        )

    def _buy_abroad(self):
        line = {"product_id": self.single.id, "price_unit": 40, "product_uom_qty": 5}
        return self._buy(line, pricelist_id=self.pricelist.id)

    def _set_rate_of(self, order, rate):
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.foreign.id,
                "name": order.date_order.date(),
                "rate": rate,
            }
        )

    def test_a_rate_entered_afterwards_moves_no_points(self):
        for rate in (1, 4):
            with self.subTest(rate=rate):
                card = self._make_member(f"Member {rate}")
                self.card, self.member = card, card.partner_id
                order = self._buy_abroad()
                self.assertEqual(card.points, 100)
                self.foreign.rate_ids[:1].search(
                    [("currency_id", "=", self.foreign.id), ("name", ">", "2026-01-01")]
                ).unlink()
                self._set_rate_of(order, rate)
                self._invoice(order)
                self.assertEqual(self._story(), [("earn", 100)])
                self._credit(order, {0: 2})
                self.assertEqual(card.points, 60)
                self.foreign.rate_ids.filtered(
                    lambda own: str(own.name) > "2026-01-01"
                ).unlink()

    def test_an_order_confirmed_again_has_the_rate_of_its_new_day(self):
        order = self._buy_abroad()
        order._action_cancel()
        self.assertFalse(order.loyalty_rates)
        self._set_rate_of(order, 4)
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.card.points, 50)
        self.assert_balanced()
