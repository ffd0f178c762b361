from odoo.tests import tagged

from .common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestTierDiscount(LoyaltyWebsiteCommon):
    """The percentage of a tier in the cart, paid for, and left behind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bronze, cls.silver = cls.program.tier_ids.sorted("threshold")[:2]
        cls.benefit = cls.env["loyalty.tier.benefit"].create(
            {"tier_id": cls.bronze.id, "kind": "discount", "discount": 10}
        )

    def test_a_members_cart_is_cheaper_by_itself(self):
        self._sign_in(self.member_user)
        order = self._fill_cart(self.member)
        self.assertEqual(order.amount_total, 36)
        self.assertIn("10 % for Bronze", self._read_main("/shop/cart"))
        self._fill_cart(self.member)
        self.assertEqual(order.amount_total, 72)

    def test_others_pay_the_price(self):
        self._sign_in(self.other_user)
        self.assertEqual(self._fill_cart(self.other).amount_total, 40)

    def test_what_is_paid_stays_though_the_tier_is_lost(self):
        self._sign_in(self.member_user)
        order = self._fill_cart(self.member)
        transaction = self._start_payment(order)
        self.card.sudo().member_state = "left"
        transaction._set_done()
        transaction._post_process()
        self.assertEqual((order.state, order.amount_total), ("sale", 36))

    def test_a_better_promotion_of_the_shop_takes_its_place(self):
        self.env["loyalty.program"].create(
            {
                "name": "Half",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [(0, 0, {"minimum_qty": 0})],
                "reward_ids": [(0, 0, {"discount": 50})],
            }
        )
        self._sign_in(self.member_user)
        order = self._fill_cart(self.member)
        self.assertEqual(order.amount_total, 20)
        self._pay(order)
        self.assertEqual((order.state, order.amount_total), ("sale", 20))
        self.assertTrue(self.benefit.discount_program_id.shared_card_id.exists())

    def test_a_customer_takes_it_off_and_claims_it_again(self):
        self._sign_in(self.member_user)
        order = self._fill_cart(self.member)
        reward = self.benefit.discount_program_id.reward_ids
        line = order.order_line.filtered("reward_id")
        self.make_jsonrpc_request(
            "/shop/cart/update", {"line_id": line.id, "quantity": 0}
        )
        self.assertEqual(order.amount_total, 40)
        self.assertIn(reward, order.disabled_auto_rewards)
        hint = self.benefit.discount_program_id.shared_card_id.code[-4:]
        cart = self._read_main("/shop/cart")
        self.assertIn("10 % for Bronze", cart)
        self.assertNotIn(hint, cart, "the shared card's code is nobody's")
        self.url_open(f"/shop/claimreward?reward_id={reward.id}")
        self.assertEqual(order.amount_total, 36)

    def test_the_webshop_follows_the_programme(self):
        self.program.ecommerce_ok = False
        self.assertFalse(self.benefit.discount_program_id.ecommerce_ok)
        self._sign_in(self.member_user)
        self.assertEqual(self._fill_cart(self.member).amount_total, 40)
