from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .credit_note_common import CreditNoteCase
from .stock_common import StockTooCase, on_stock


@tagged("post_install", "-at_install")
class TestStockPains(StockTooCase, CreditNoteCase):
    """One test for each complaint of stock's users, by its number in stock-defects.md.

    What a defect of the same document tells already has its test there.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = cls.program.reward_ids.sorted("required_points")[0]

    def _order_with_reward(self, amount=50):
        order = self._make_order(self.member, amount)
        return order, self._claim_reward(order)

    @on_stock("100.0 != 0")
    def test_pain_01_buy_earn_refund_leaves_no_points(self):
        for _round in range(3):
            order = self._buy_and_invoice()
            self.assertEqual(self.card.points, 100)
            self._credit(order)
            self.assertEqual(self.card.points, 0)
        self.assert_balanced()

    @on_stock("UserError not raised")
    def test_pain_07_orders_confirmed_together_overspend_nothing(self):
        self._post(100)
        (first, _status), (second, _other) = (
            self._order_with_reward(),
            self._order_with_reward(),
        )
        with self.assertRaises(UserError), self.env.cr.savepoint():
            (first | second).action_confirm()
        self.env.invalidate_all()
        self.assertEqual(self.card.points, 100)

    @on_stock("40.0 != 0")
    def test_pain_10_points_expire_on_their_day(self):
        self._post(40, "bonus", expires_on=date(2026, 7, 31))
        with freeze_time("2026-07-31 10:00:00"):
            self._run_nightly()
            self.assertEqual(self.card.points, 40)
        with freeze_time("2026-08-01 10:00:00"):
            self._run_nightly()
        self.assertEqual(self.card.points, 0)
        self.assertEqual(self._story()[-1], ("expire", -40))

    @on_stock("70.0 != 94")
    def test_pain_11_as_many_points_are_spent_as_the_member_chose(self):
        self._post(500)
        reward = self.env["loyalty.reward"].create(
            {
                "program_id": self.program.id,
                "reward_type": "discount",
                "discount_mode": "per_point",
                "discount": 0.05,
                "required_points": 1,
            }
        )
        order = self._make_order(self.member, 100)
        order._update_programs_and_rewards()
        chosen = order.with_context(loyalty_points={reward.id: 120})
        chosen._apply_program_reward(reward, self.card.with_env(chosen.env))
        order.action_confirm()
        self.assertEqual(order.amount_total, 94)
        self.assertIn(("redeem", -120), self._story(order))

    @on_stock("'Once for each member' not found in ''")
    def test_pain_13_once_per_customer(self):
        self._post(500)
        self._set(self.reward, limit_member=1, limit_period="ever")
        order, status = self._order_with_reward()
        self.assertEqual(status, {})
        order.action_confirm()
        _order, status = self._order_with_reward()
        self.assertIn("Once for each member", status.get("error", ""))

    @on_stock("sale.order.coupon.points", AccessError)
    def test_pain_19_a_plain_salesperson_cancels_an_order_with_points(self):
        order = self._buy(50)
        self.assertEqual(order.env.user, self.salesperson)
        order._action_cancel()
        self.assertEqual((order.state, self.card.points), ("cancel", 0))

    @on_stock("Wrong value for loyalty.reward.reward_type: 'wallet'", ValueError)
    def test_pain_21_points_become_cashback_that_pays(self):
        self._post(400)
        wallets = self.env["loyalty.program"].create(
            {
                **self.program._program_type_default_values()["ewallet"],
                "name": "Wallets",
                "program_type": "ewallet",
                "trigger_product_ids": [Command.set(self.album.ids)],
            }
        )
        cashback = self.env["loyalty.reward"].create(
            {
                "program_id": self.program.id,
                "reward_type": "wallet",
                "discount_mode": "per_point",
                "discount": 0.05,
                "required_points": 1,
            }
        )
        claim = self.card._claim_reward(cashback, "backoffice", points=200)
        self.assertEqual((claim.amount, self.card.points), (10, 200))
        order = self._make_order(self.member, 50)
        order._update_programs_and_rewards()
        wallet = claim.payout_card_id.with_env(order.env)
        order._apply_program_reward(wallets.reward_ids, wallet)
        order.action_confirm()
        self.assertEqual((order.amount_total, wallet.points), (40, 0))
