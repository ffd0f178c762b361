from odoo.fields import Command
from odoo.tests import tagged

from .stock_common import StockTooTill
from odoo.addons.loyalty_program.tests.stock_common import on_stock


@tagged("post_install", "-at_install")
class TestLostCards(StockTooTill):
    """A wallet that paid a sale is charged although the till's second call is lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        programs = cls.env["loyalty.program"]
        cls.wallets = programs.create(
            {
                **programs._program_type_default_values()["ewallet"],
                "name": "Wallets",
                "program_type": "ewallet",
                "trigger_product_ids": [Command.set(cls.coffee.ids)],
                "currency_id": cls.till.currency_id.id,
            }
        )
        cls.wallet = cls.env["loyalty.card"].create(
            {
                "program_id": cls.wallets.id,
                "partner_id": cls.member.id,
                "points": 50,
            }
        )

    def _pay_by_wallet(self, amount):
        return self._sell(
            self.member,
            self._line(self.record),
            self._reward_line(
                self.wallets.reward_ids, amount, card=self.wallet, points_cost=0
            ),
        )

    @on_stock("50.0 != 30 : charged")
    def test_pain_03_a_wallet_used_without_a_connection_is_charged(self):
        order = self._pay_by_wallet(20)
        self.assertEqual(self.wallet.points, 50)
        self.till.current_session_id.action_pos_session_closing_control()
        self.assertEqual(self.till.current_session_id.state, False)
        self.assertEqual(self.wallet.points, 30, "charged")
        self.assertEqual(self.wallet.history_ids.mapped("used"), [20])
        self.assertIn("had not been charged", order.message_ids[:1].body)

    def _charge(self, order, points):
        """Call what the till calls after the sale."""
        buyer = self.member.id
        self._confirm(order, card=self.wallet, points=points, partner_id=buyer)

    def test_what_the_till_has_charged_is_not_charged_again(self):
        order = self._pay_by_wallet(20)
        self._charge(order, -20)
        session = self.till.current_session_id
        for _close in range(2):
            session._charge_lost_cards()
            self.assertEqual(self.wallet.points, 30)

    def test_a_call_that_comes_late_charges_nothing_more(self):
        order = self._pay_by_wallet(20)
        self.till.current_session_id._charge_lost_cards()
        self._charge(order, -20)
        self.assertEqual(self.wallet.points, 30)

    def test_a_card_that_paid_a_sales_order_settled_here_is_left_alone(self):
        sold = self._pay_by_wallet(20)
        quotation = self.env["sale.order"].sudo().create({"partner_id": self.member.id})
        sold.sudo().lines.sale_order_origin_id = quotation
        self.till.current_session_id._charge_lost_cards()
        self.assertEqual(self.wallet.points, 50)

    def _notes(self, order):
        return " ".join(order.message_ids.mapped("body"))

    def test_what_was_sold_and_what_was_paid_is_no_matter_for_anybody(self):
        topped_up = self._sell(self.member, self._line(self.coffee, 5))
        self._charge(topped_up, 20)
        paid = self._pay_by_wallet(20)
        self._charge(paid, -20)
        self.assertEqual(self.wallet.points, 50)
        for order in (topped_up, paid):
            self.assertNotIn("Please check", self._notes(order))

    def test_more_than_was_sold_or_less_than_was_paid_is_told(self):
        topped_up = self._sell(self.member, self._line(self.coffee, 5))
        self._charge(topped_up, 500)
        self.assertIn("but this sale pays for", self._notes(topped_up))
        paid = self._pay_by_wallet(20)
        self._charge(paid, -1)
        self.assertIn("but this sale pays for", self._notes(paid))
        nothing = self._sell(self.member, self._line(self.record))
        self._charge(nothing, 5)
        self.assertIn("but this sale pays for", self._notes(nothing))
