from odoo.tests import tagged

from .common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestTierReward(LoyaltyWebsiteCommon):
    """Cart and portal: what the tier multiplies, makes cheaper and keeps for itself."""

    def setUp(self):
        super().setUp()
        self.bronze, self.silver = self.program.tier_ids.sorted("threshold")[:2]
        self.reward = self.program.reward_ids.sorted("required_points")[0]
        self._sign_in(self.member_user)

    def _give_benefit(self, kind, **values):
        return self.env["loyalty.tier.benefit"].create(
            {"tier_id": self.bronze.id, "kind": kind, **values}
        )

    def _claim_reward(self, **form):
        return self._post_form("/shop/claimreward", reward_id=self.reward.id, **form)

    def test_the_cart_promises_the_multiplied_points_and_posts_them(self):
        self._give_benefit("multiplier", factor=1.5)
        order = self._fill_cart(self.member)
        self.assertIn("60 points", self._read_main("/shop/cart"))
        self._pay(order)
        entries = self._entries_of(order)
        self.assertEqual(
            [(entry.entry_type, entry.points) for entry in entries.sorted("id")],
            [("earn", 40), ("bonus", 20)],
        )

    def test_an_exclusive_reward_is_hidden_and_refused(self):
        self._give_points(self.card, 150)
        self.reward.audience_tier_ids = self.silver
        order = self._fill_cart(self.member)
        self.assertNotIn("claim_reward", self._read_main("/shop/cart"))
        self._claim_reward()
        self.assertFalse(order.order_line.reward_id)
        page = self._read_main("/my/loyalty")
        self.assertNotIn(self.reward.description + "<", page)

    def test_the_portal_says_for_whom_a_reward_and_a_rule_are(self):
        self.reward.audience_tier_ids = self.bronze
        self.program.rule_ids.audience_tier_ids = self.silver
        page = self._read_main("/my/loyalty")
        self.assertIn("Only for these tiers: Bronze.", page)
        self.assertIn("spend. Only for these tiers: Silver.", page)

    def test_a_cheaper_reward_is_claimed_at_its_price(self):
        self._give_benefit("cheaper_rewards", points_off=50)
        self._give_points(self.card, 55, hold_days=0)
        self.program.hold_days = 14
        page = self._read_main("/my/loyalty")
        self.assertIn("50 points", page)
        order = self._fill_cart(self.member)
        cart = self._read_main("/shop/cart")
        self.assertIn(">50 points</small>", cart)
        self.assertNotIn("100 points", cart)
        self._claim_reward()
        self.assertEqual(order.order_line.filtered("reward_id").points_cost, 50)
