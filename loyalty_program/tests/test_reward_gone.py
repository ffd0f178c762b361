from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import NOW, LoyaltyCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRewardGone(LoyaltyCase):
    """A reward whose product is archived: told, and nothing is taken."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mug = cls._make_product("Mug", 20)
        cls.reward = cls._make_reward(reward_product_id=cls.mug.id)
        cls._post(250)

    @classmethod
    def _make_reward(cls, **values):
        return cls.env["loyalty.reward"].create(
            {
                "program_id": cls.program.id,
                "reward_type": "product",
                "required_points": 60,
                "description": "Free mug",
                **values,
            }
        )

    def _apply(self, order, reward, **chosen):
        order._update_programs_and_rewards()
        return order._apply_program_reward(
            reward.with_env(order.env), self.card.with_env(order.env), **chosen
        )

    def test_a_quotation_neither_offers_nor_takes_it(self):
        order = self._make_order(self.member, 50)
        order._update_programs_and_rewards()
        self.assertIn(self.reward, order._get_claimable_rewards()[self.card])
        self.mug.active = False
        self.assertNotIn(self.reward, order._get_claimable_rewards()[self.card])
        status = self._apply(order, self.reward)
        self.assertIn("“Free mug” is not available any more", status["error"])
        self.assertFalse(order.order_line.filtered("reward_id"))
        order.action_confirm()
        self.assertEqual(self.card.points, 300)

    def test_of_several_one_that_is_there_is_given(self):
        tag = self.env["product.tag"].create({"name": "Mugs"})
        other = self._make_product("Blue mug", 20, product_tag_ids=[tag.id])
        several = self._make_reward(
            reward_product_id=self.mug.id, reward_product_tag_id=tag.id
        )
        self.mug.active = False
        order = self._make_order(self.member, 50)
        status = self._apply(order, several, product=self.mug.with_env(order.env))
        self.assertIn("“Mug” is not available any more", status["error"])
        self.assertFalse(order.order_line.filtered("reward_id"))
        self.assertEqual(self._apply(order, several), {})
        self.assertEqual(order.order_line.filtered("reward_id").product_id, other)

    def test_no_coupon_is_issued_for_it(self):
        self.reward.issues_coupon = True
        self.mug.active = False
        with self.assertRaisesRegex(UserError, "not available any more"):
            self.card._issue_coupon(self.reward, "backoffice")
        self.assertEqual(self.card.points, 250)

    def test_a_coupon_for_it_says_so(self):
        self.reward.issues_coupon = True
        coupon = self.card._issue_coupon(self.reward, "backoffice")
        self.mug.active = False
        order = self._make_order(self.member, 50)
        status = order._try_apply_code(coupon.code)
        self.assertIn("What this coupon gives is not available", status["error"])
        self.mug.active = True
        self.assertIn(coupon, order._try_apply_code(coupon.code))

    def test_a_gift_of_the_catalogue_is_refused(self):
        vase = self._make_product("Vase", 30, type="consu")
        gift = self._make_reward(reward_type="physical", reward_product_id=vase.id)
        vase.active = False
        with self.assertRaisesRegex(UserError, "not available any more"):
            self.card._claim_reward(gift, "backoffice")
        self.assertEqual(self.card.points, 250)
        self.assertFalse(self.card.claim_ids)

    def test_a_claimed_line_stays_when_the_product_goes_later(self):
        order = self._make_order(self.member, 50)
        self.assertEqual(self._apply(order, self.reward), {})
        self.mug.active = False
        order.order_line = [
            Command.create({"product_id": self.product.id, "price_unit": 10})
        ]
        order._update_programs_and_rewards()
        order.action_confirm()
        self.assertEqual(order.state, "sale")
