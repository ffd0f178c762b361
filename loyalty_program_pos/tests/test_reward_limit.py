from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestRewardLimit(TillCase):
    """The till is told before the payment; what is paid is kept and reported."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward, cls.large = cls.program.reward_ids.sorted("required_points")

    def _claim(self, *rewards):
        return self._sell(
            self.member,
            self._line(self.record, 2),
            *[self._reward_line(reward, reward.discount) for reward in rewards],
        )

    def _check(self, times=1):
        orders = self.env["pos.order"].with_user(self.cashier)
        claim = {"card_id": self.card.id, "reward_id": self.reward.id, "times": times}
        return orders.loyalty_check_claims([claim])

    def _notes(self, order):
        return " ".join(order.message_ids.mapped("body"))

    def test_the_last_piece_is_told_and_a_paid_one_more_is_kept(self):
        self._give(1000)
        self.reward.limit_total = 1
        self.assertFalse(self._check())
        self.assertIn("have been claimed", self._check(times=2))
        order = self._claim(self.reward)
        self.assertNotIn("limit", self._notes(order))
        self.assertIn("have been claimed", self._check())
        order = self._claim(self.reward)
        self.assertEqual(order.state, "paid")
        self.assertIn("beyond its limit", self._notes(order))

    def test_the_limit_of_a_member(self):
        self._give(1000)
        self.reward.write({"limit_member": 1, "limit_period": "day"})
        self.assertFalse(self._check())
        self._claim(self.reward)
        self.assertIn("Once a day", self._check())
        self.assertIn("beyond its limit", self._notes(self._claim(self.reward)))

    def test_days_and_groups_are_reported(self):
        self._give(1000)
        self.reward.claim_to = "2020-01-31"
        self.assertIn("until", self._check())
        self.assertIn("was on offer until", self._notes(self._claim(self.reward)))
        self.reward.claim_to = False
        group = self.env["loyalty.reward.group"].create({"name": "One"})
        (self.reward | self.large).exclusion_group_ids = [Command.set(group.ids)]
        order = self._claim(self.reward, self.large)
        self.assertIn("does not go together", self._notes(order))

    def test_a_reward_whose_product_is_archived_is_told(self):
        self._give(1000)
        self.reward = self.env["loyalty.reward"].create(
            {
                "program_id": self.program.id,
                "reward_type": "product",
                "reward_product_id": self.coffee.id,
                "required_points": 60,
            }
        )
        self.assertFalse(self._check())
        self.coffee.active = False
        self.assertIn("not available any more", self._check())
