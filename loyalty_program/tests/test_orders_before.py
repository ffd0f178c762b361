from odoo.tests import tagged
from odoo.tools import SQL

from .common import LoyaltyCase
from odoo.addons.loyalty_program.hooks import post_init_hook


@tagged("post_install", "-at_install")
class TestOrdersBefore(LoyaltyCase):
    """Orders confirmed before the suite came are cancelled as Odoo would."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.active = False
        cls.program = cls._make_recorded_program()
        cls.card = cls._make_card(cls.program, 150)
        cls.member = cls.card.partner_id

    def _forget_ledger(self):
        """Leave cards and orders as a shop has them that never had a ledger."""
        self.env.flush_all()
        # SQL: below every door, as if the addon had not been there.
        self.env.cr.execute(
            SQL(
                """
                ALTER TABLE loyalty_ledger_entry DISABLE TRIGGER USER;
                DELETE FROM loyalty_lot_use u USING loyalty_lot l
                    WHERE l.id = u.lot_id AND l.card_id = %(card)s;
                DELETE FROM loyalty_lot WHERE card_id = %(card)s;
                DELETE FROM loyalty_ledger_entry WHERE card_id = %(card)s;
                UPDATE loyalty_card SET ledger_points = NULL WHERE id = %(card)s;
                """,
                card=self.card.id,
            )
        )
        self.env.invalidate_all()

    def _come_after(self, order):
        """Let the ledger begin after the order was confirmed."""
        balance = self.card.points
        self._forget_ledger()
        post_init_hook(self.env)
        self.env.invalidate_all()
        self.assertEqual(self.card.points, balance)
        return order

    def test_what_was_given_and_taken_before_is_undone(self):
        order = self._make_order(self.member, 60)
        self._claim_reward(order)
        order.action_confirm()
        self._come_after(order)
        self.assertEqual(self._story(), [("opening", 150 - 100 + 60)])
        order._action_cancel()
        self.assertEqual(self.card.points, 150)
        self.assertEqual(
            self._story(order), [("redeem_reversal", 100), ("earn_reversal", -60)]
        )
        self.assertEqual(
            set(self._entries(order).mapped("breakdown_text")),
            {"The order was confirmed before the ledger began."},
        )
        self.assert_balanced()

    def test_an_empty_card_counts_too(self):
        order = self._make_order(self.member, 60)
        order.action_confirm()
        self.card.points = 0
        self._come_after(order)
        self.assertFalse(self._story())
        order._action_cancel()
        self.assertEqual(self.card.points, -60)

    def test_it_is_undone_once_whatever_follows(self):
        order = self._make_order(self.member, 60)
        order.action_confirm()
        self._come_after(order)
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.card.points, 150 + 60)
        order._action_cancel()
        self.assertEqual(self.card.points, 150)
        self.assert_balanced()

    def test_what_changed_since_is_undone_beside_it(self):
        order = self._make_order(self.member, 60)
        order.action_confirm()
        self._come_after(order)
        self._claim_reward(order)
        self.assertEqual(self.card.points, 150 + 60 - 100)
        order._action_cancel()
        self.assertEqual(self.card.points, 150)
        self.assert_balanced()

    def test_quotations_and_posted_orders_are_not_noted(self):
        posted = self._make_order(self.member, 60)
        posted.action_confirm()
        quotation = self._make_order(self.member, 70)
        quotation._update_programs_and_rewards()
        post_init_hook(self.env)
        for order in posted | quotation:
            self.assertFalse(order.loyalty_before)
        quotation.action_confirm()
        self.assertEqual(self._story(quotation), [("earn", 70)])

    def test_a_programme_that_gets_a_ledger_later_knows_its_orders(self):
        wallet = self.env["loyalty.program"].create(
            {
                **self.env["loyalty.program"]._program_type_default_values()["ewallet"],
                "name": "Wallet",
                "program_type": "ewallet",
            }
        )
        purse = self._make_card(wallet, 50, partner_id=self.member.id)
        order = self._make_order(self.member, 30)
        order._update_programs_and_rewards()
        order._apply_program_reward(wallet.reward_ids, purse.with_env(order.env))
        order.action_confirm()
        self.assertEqual(purse.points, 20)
        wallet._open_wallets()
        self.assertEqual(self._story(card=purse), [("opening", 20)])
        order._action_cancel()
        self.assertEqual(purse.points, 50)
        self.assert_balanced(purse)

    def test_members_only_later_rounds_what_was_given(self):
        order = self._make_order(self.member, 60.5)
        order.action_confirm()
        self.card.points = 200
        self._come_after(order)
        self.program.write({"ledger_policy": "strict", "points_scale": 0})
        order._action_cancel()
        self.assertEqual(self.card.points, 140)
        self.assert_balanced()

    def test_a_programme_without_debts_refuses(self):
        order = self._make_order(self.member, 60)
        order.action_confirm()
        self.card.points = 10
        self._come_after(order)
        self.program.debt_policy = "refuse"
        with self.assertRaisesRegex(Exception, "allows no debt"):
            order._action_cancel()
