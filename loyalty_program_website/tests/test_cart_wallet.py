from odoo.tests import tagged

from .common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestCartWallet(LoyaltyWebsiteCommon):
    """Cashback of the catalogue pays in the cart, to the cent, and comes back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashback = cls.env["loyalty.reward"].create(
            {
                "program_id": cls.program.id,
                "reward_type": "wallet",
                "discount_mode": "per_point",
                "discount": 0.05,
                "required_points": 1,
            }
        )
        cls.wallets = cls.cashback.payout_program_id
        cls._give_points(cls, cls.card, 2000)

    def setUp(self):
        super().setUp()
        self._sign_in(self.member_user)

    def _fill_wallet(self, points):
        """Turn points into money, as the portal's form does, and return the wallet."""
        self._post_form(
            "/my/loyalty/claim",
            program_id=self.program.id,
            reward_id=self.cashback.id,
            token=f"fill-{points}",
            points=points,
        )
        return self._wallet_of(self.member)

    def _wallet_of(self, partner):
        return self.env["loyalty.card"].search(
            [("program_id", "=", self.wallets.id), ("partner_id", "=", partner.id)]
        )

    def _use_wallet(self, order, code=""):
        self._post_form(
            "/shop/claimreward", reward_id=self.wallets.reward_ids.id, code=code
        )
        order.invalidate_recordset()

    def _story(self, wallet):
        entries = self.env["loyalty.ledger.entry"].search(
            [("card_id", "=", wallet.id)], order="id"
        )
        return [(entry.entry_type, entry.points) for entry in entries]

    def test_cashback_pays_a_part_and_comes_back_with_the_order(self):
        wallet = self._fill_wallet(333)
        self.assertEqual(wallet.points, 16.65)
        self.assertIn("16.65", self._text(self._open(), "o_lp_wallet"))
        order = self._fill_cart(self.member)
        page = self._read_main("/shop/cart")
        self.assertIn("16.65", page)
        self._use_wallet(order)
        self.assertEqual(order.amount_total, 23.35)
        self.assertEqual(wallet.points, 16.65, "a cart takes nothing yet")
        self._pay(order)
        self.assertEqual(order.state, "sale")
        self.assertEqual(wallet.points, 0)
        self.assertEqual(self._story(wallet), [("bonus", 16.65), ("redeem", -16.65)])
        order._action_cancel()
        self.assertEqual(wallet.points, 16.65)

    def test_it_pays_the_whole_order_and_keeps_the_rest(self):
        wallet = self._fill_wallet(1010)
        order = self._fill_cart(self.member)
        self._use_wallet(order)
        self.assertEqual(order.amount_total, 0)
        self.url_open("/shop/payment/validate")
        self.assertEqual(order.state, "sale")
        self.assertEqual(wallet.points, 10.5)

    def test_more_in_the_cart_takes_more_of_it(self):
        self._fill_wallet(1010)
        order = self._fill_cart(self.member)
        self._use_wallet(order)
        self._fill_cart(self.member)
        order.invalidate_recordset()
        self.assertEqual(order.amount_total, 29.5)

    def test_the_last_cents_can_be_spent(self):
        wallet = self._fill_wallet(3)
        order = self._fill_cart(self.member)
        self._use_wallet(order)
        self.assertEqual(order.amount_total, 39.85)
        self._pay(order)
        self.assertEqual(wallet.points, 0)

    def test_what_the_wallet_pays_earns_no_points_again(self):
        self._fill_wallet(333)
        order = self._fill_cart(self.member)
        self.assertEqual(order._get_loyalty_previews()[0]["points"], 40)
        self._use_wallet(order)
        self.assertEqual(order._get_loyalty_previews()[0]["points"], 23)
        self._pay(order)
        entries = self._entries_of(order).filtered(lambda e: e.entry_type == "earn")
        self.assertEqual(entries.points, 23)

    def test_two_carts_never_spend_the_same_money(self):
        wallet = self._fill_wallet(333)
        first = self._fill_cart(self.member)
        self._use_wallet(first)
        # The other browser has a cart of its own.
        second = first.copy({"website_id": self.website.id})
        second._update_programs_and_rewards()
        second._apply_program_reward(self.wallets.reward_ids, wallet)
        self.assertEqual(second.amount_total, 23.35)
        self._pay(first)
        self.assertEqual(wallet.points, 0)
        second._update_programs_and_rewards()
        self.assertEqual(second.amount_total, 40)
        self.assertEqual(wallet.points, 0)

    def test_nobody_pays_with_the_wallet_of_another(self):
        wallet = self._fill_wallet(333)
        for user in (self.other_user, None):
            self.authenticate(user and user.login, user and user.login)
            buyer = user.partner_id if user else self.public_user.partner_id
            order = self._fill_cart(buyer)
            self.assertNotIn("16.65", self._read_main("/shop/cart"))
            self._use_wallet(order, code=wallet.code)
            self._post_form("/shop/pricelist", promo=wallet.code)
            order.invalidate_recordset()
            self.assertEqual(order.amount_total, 40)
        self.assertEqual(wallet.points, 16.65)
