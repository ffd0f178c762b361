from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestAccount(LoyaltyCase):
    """Several members, one balance: their cards point to an account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.env["loyalty.card"].create({"program_id": cls.program.id})
        cls.other = cls._make_member("Olga Other")
        (cls.card | cls.other).account_id = cls.account

    def _get_points(self):
        return [card.points for card in (self.card, self.other, self.account)]

    def test_every_member_sees_and_moves_the_one_balance(self):
        earn = self._post(100, "earn")
        self.assertEqual((earn.card_id, earn.member_card_id), (self.account, self.card))
        self.assertEqual(self._get_points(), [100, 100, 100])
        self._post(-30, "redeem", card=self.other)
        self.assertEqual(self._get_points(), [70, 70, 70])
        self._post(20, "earn", card=self.other, hold_days=5)
        self.assertEqual(self.card.points_pending, 20)
        for card in (self.card, self.other, self.account):
            self.assert_balanced(card)

    def test_the_tier_is_the_members_own(self):
        self._buy(500)
        self.assertEqual(self.card.tier_id.name, "Gold")
        self.assertEqual(self.other.tier_id.name, "Bronze")
        self.assertEqual(self.other.points, 500)

    def test_a_member_spends_what_another_earned(self):
        self._buy(150)
        order = self._make_order(self.other.partner_id)
        self.assertFalse(self._claim_reward(order, 100, self.other))
        order.action_confirm()
        # 95 of this order's own, after 5 off.
        self.assertEqual(self._get_points(), [145, 145, 145])
        self.assertEqual(order.amount_total, 95)

    def test_the_night_changes_every_copy(self):
        self._post(100, "earn", hold_days=1)
        with freeze_time("2026-07-02 10:00:00"):
            self._run_nightly()
        self.assertEqual(self._get_points(), [100, 100, 100])

    def test_an_undo_goes_to_the_account_that_got_the_points(self):
        order = self._buy(100)
        self.card.account_id = False
        order._action_cancel()
        self.assertEqual(self.account.points, 0)
        self.assert_balanced(self.account)

    def test_stock_code_that_writes_a_members_points_moves_the_account(self):
        (self.card | self.other).write({"points": 40})
        self.assertEqual(self._get_points(), [40, 40, 40])
        self.assertEqual(len(self._entries(card=self.account)), 1)

    def test_an_account_is_of_the_same_programme_and_no_chain(self):
        foreign = self.env["loyalty.card"].create(
            {"program_id": self._make_program().id}
        )
        third = self._make_member("Theo Third")
        for card, account in (
            (third, foreign),
            (third, self.card),
            (self.account, third),
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                card.account_id = account
        with self.assertRaises(ValidationError):
            self._post(1, card=third, account_id=foreign.id)

    def test_a_card_joins_an_account_empty_and_leaves_it_empty(self):
        third = self._make_member("Theo Third")
        self._post(50, "earn")
        self._post(7, "earn", card=third)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            third.account_id = self.account
        self._post(-7, "transfer", card=third)
        third.account_id = self.account
        self.assertEqual(third.points, 50)
        third.account_id = False
        self.assertEqual((third.points, self.card.points), (0, 50))

    def test_nobody_chooses_an_account_by_hand(self):
        third = self._make_member("Theo Third").with_user(self.manager)
        with self.assertRaises(AccessError):
            third.account_id = self.account
