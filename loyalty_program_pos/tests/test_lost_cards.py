from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestLostCards(TillCase):
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

    def test_pain_03_a_wallet_used_without_a_connection_is_charged(self):
        order = self._pay_by_wallet(20)
        self.assertEqual(self.wallet.points, 50)
        self.till.current_session_id.action_pos_session_closing_control()
        self.assertEqual(self.till.current_session_id.state, False)
        self.assertEqual(self.wallet.points, 30)
        self.assertEqual(self.wallet.history_ids.mapped("used"), [20])
        self.assertIn("had not been charged", order.message_ids[:1].body)

    def test_what_the_till_has_charged_is_not_charged_again(self):
        order = self._pay_by_wallet(20)
        wish = {
            str(self.wallet.id): {
                "points": -20,
                "program_id": self.wallets.id,
                "coupon_id": self.wallet.id,
                "partner_id": self.member.id,
            }
        }
        order.with_user(self.cashier).confirm_coupon_programs(wish)
        session = self.till.current_session_id
        for _close in range(2):
            session._charge_lost_cards()
            self.assertEqual(self.wallet.points, 30)

    def test_a_call_that_comes_late_charges_nothing_more(self):
        order = self._pay_by_wallet(20)
        self.till.current_session_id._charge_lost_cards()
        wish = {
            str(self.wallet.id): {
                "points": -20,
                "program_id": self.wallets.id,
                "coupon_id": self.wallet.id,
                "partner_id": self.member.id,
            }
        }
        order.with_user(self.cashier).confirm_coupon_programs(wish)
        self.assertEqual(self.wallet.points, 30)
