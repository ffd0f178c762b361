from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .claim_common import ClaimCase
from .common import NOW


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRewardWallet(ClaimCase):
    """Cashback: points become money on the member's eWallet, to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.voucher = cls._make_product("Top-up", 50)
        cls.wallets = cls.env["loyalty.program"].create(
            {
                **cls.program._program_type_default_values()["ewallet"],
                "name": "Wallets",
                "program_type": "ewallet",
                "trigger_product_ids": [Command.set(cls.voucher.ids)],
            }
        )
        cls.terms = {
            "discount_mode": "per_point",
            "discount": 0.07,
            "required_points": 1,
        }
        cls.gift = cls._make_reward("wallet", **cls.terms)
        cls._post(1000, "bonus")

    def _wallet(self):
        return self.env["loyalty.card"].search(
            [("program_id", "=", self.wallets.id), ("partner_id", "=", self.member.id)]
        )

    def _pay(self, amount):
        """Confirm an order of the member that the wallet pays."""
        order = self._make_order(self.member, amount)
        order._update_programs_and_rewards()
        wallet = self._wallet().with_env(order.env)
        order._apply_program_reward(self.wallets.reward_ids, wallet)
        order.action_confirm()
        return order

    def test_points_become_money_of_the_companys_wallet(self):
        self.assertEqual(self.gift.payout_program_id, self.wallets)
        claim = self._claim(points=333)
        wallet = self._wallet()
        self.assertEqual((claim.amount, wallet.points), (23.31, 23.31))
        self.assertEqual(claim.payout_card_id, wallet)
        self.assertEqual(self.card.points, 667)
        self.assertEqual(
            [(e.card_id, e.points) for e in claim.entry_ids.sorted("id")],
            [(self.card, -333), (wallet, 23.31)],
        )
        self._claim(points=1)
        self.assertEqual(wallet.points, 23.38)
        self.assertEqual(self._wallet(), wallet)
        self.assert_balanced()
        self.assert_balanced(wallet)

    def test_both_sides_come_back_together(self):
        claim = self._claim(points=100)
        claim.with_user(self.manager).action_void()
        self.assertEqual((self.card.points, self._wallet().points), (1000, 0))
        self.assertEqual(
            self._story(card=self._wallet()), [("bonus", 7), ("earn_reversal", -7)]
        )
        self.assert_balanced(self._wallet())

    def test_what_was_spent_from_the_wallet_does_not_come_back(self):
        claim = self._claim(points=100)
        order = self._pay(5)
        self.assertEqual(order.amount_total, 0)
        self.assertEqual(self._wallet().points, 2)
        with self.assertRaisesRegex(UserError, "7.00 that it gave, .*2.00 are left"):
            claim.with_user(self.manager).action_void()
        self.assertEqual((claim.state, self.card.points), ("given", 900))
        order._action_cancel()
        claim.with_user(self.manager).action_void()
        self.assertEqual((self.card.points, self._wallet().points), (1000, 0))
        self.assert_balanced(self._wallet())

    def test_merged_contacts_have_one_wallet_and_their_claims(self):
        own = self._claim(points=100)
        double = self._make_member("Mira Twice")
        self._post(200, "bonus", double)
        claim = self._claim(card=double, points=200)
        self.env["base.partner.merge.automatic.wizard"].create(
            {
                "partner_ids": [Command.set((self.member | double.partner_id).ids)],
                "dst_partner_id": self.member.id,
            }
        ).action_merge()
        self.assertEqual(self.card.claim_ids, own | claim)
        self.assertEqual((self._wallet().points, self.card.points), (21, 900))
        claim.with_user(self.manager).action_void()
        self.assertEqual((self._wallet().points, self.card.points), (7, 1100))
        self.assert_balanced()
        self.assert_balanced(self._wallet())

    def test_a_wallet_keeps_what_it_held_and_is_filled_as_before(self):
        other = self._make_partner("Olaf Other")
        program = self.wallets.copy({"name": "Older"})
        wallet = self._make_card(program, 12.5, partner_id=other.id)
        self.assertFalse(self._entries(card=wallet))
        self.gift.payout_program_id = program
        self.assertEqual(self._story(card=wallet), [("opening", 12.5)])
        self.assertEqual(wallet.points, 12.5)
        self.wallets.active = False
        program.trigger_product_ids = self.voucher
        order = self._make_order(
            other, {"product_id": self.voucher.id, "price_unit": 50}
        )
        order._update_programs_and_rewards()
        order.action_confirm()
        self.assertEqual(wallet.points, 62.5)
        order._action_cancel()
        self.assertEqual(wallet.points, 12.5)
        self.assert_balanced(wallet)

    def test_without_a_wallet_programme_one_is_made(self):
        self.wallets.active = False
        reward = self._make_reward("wallet", **self.terms)
        program = reward.payout_program_id
        self.assertNotEqual(program, self.wallets)
        self.assertEqual(program.program_type, "ewallet")
        self.assertTrue(program.is_managed)
        self.assertEqual(program.ledger_policy, "stock")
        self._claim(reward, points=100)
        self.assertEqual(
            self.env["loyalty.card"].search([("program_id", "=", program.id)]).points, 7
        )

    def test_a_wallet_that_ended_takes_nothing(self):
        self.wallets.active = False
        with self.assertRaisesRegex(UserError, "“Wallets” has ended"):
            self._claim(points=100)
        self.assertEqual(self.card.points, 1000)

    def test_bad_settings_are_refused(self):
        for values, words in (
            ({"discount": 0.075}, "to the cent"),
            ({"payout_program_id": self.program.id}, "no cards that"),
        ):
            with self.assertRaisesRegex(ValidationError, words, msg=str(values)):
                self._make_reward("wallet", **{**self.terms, **values})
        with self.assertRaisesRegex(ValidationError, "no membership"):
            self.wallets.ledger_policy = "strict"
