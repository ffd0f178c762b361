from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import NOW, LoyaltyCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRewardLimit(LoyaltyCase):
    """How often, how many, when and beside what a reward may be claimed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.small, cls.large = cls.program.reward_ids.sorted("required_points")
        cls._post(2000, "bonus")
        cls.other = cls._make_member("Otto Other")
        cls._post(2000, "bonus", card=cls.other)

    def _quote(self, card=None, points=100):
        """Return a quotation that claims the reward, and what was answered."""
        card = card or self.card
        order = self._make_order(card.partner_id, 100)
        return order, self._claim_reward(order, points, card)

    def _confirm(self, card=None, points=100):
        order, status = self._quote(card, points)
        self.assertEqual(status, {})
        order.action_confirm()
        return order

    def _refusal(self, card=None, points=100):
        order, status = self._quote(card, points)
        self.assertFalse(order.order_line.reward_id)
        rewards = order._get_claimable_rewards().get(card or self.card, [])
        self.assertNotIn(points, [reward.required_points for reward in rewards])
        return status["error"]

    def test_there_are_so_many_for_all(self):
        self.small.limit_total = 2
        self.assertEqual(self.small.limit_left, 2)
        first = self._confirm()
        self._confirm(self.other)
        self.assertEqual(self.small.limit_left, 0)
        self.assertIn("have been claimed", self._refusal())
        first._action_cancel()
        self.assertEqual(self.small.limit_left, 1)
        self._confirm(self.other)
        self.small.limit_total = 5
        self.assertEqual(self.small.limit_left, 3)
        self.small.limit_total = 1
        self.assertEqual(self.small.limit_left, 0)
        self.small.limit_total = 0
        self._confirm()

    def test_claims_before_there_was_a_limit_count(self):
        self._confirm()
        undone = self._confirm()
        undone._action_cancel()
        self.small.limit_total = 3
        self.assertEqual(self.small.limit_left, 2)

    def test_the_last_one_is_for_who_confirms_first(self):
        self.small.limit_total = 1
        late, _status = self._quote()
        self._confirm(self.other)
        with self.assertRaisesRegex(UserError, "have been claimed"):
            late.action_confirm()

    def test_what_is_paid_is_kept_and_reported(self):
        self.small.limit_total = 1
        late, _status = self._quote()
        self._confirm(self.other)
        self.patch(type(late), "_is_loyalty_paid", lambda order: True)
        late.action_confirm()
        self.assertEqual(late.state, "sale")
        self.assertIn("beyond its limit", late.message_ids[0].body)

    def test_a_member_claims_so_often_in_a_period(self):
        self.small.write({"limit_member": 2, "limit_period": "month"})
        self._confirm()
        undone = self._confirm()
        self.assertIn("2 times a month", self._refusal())
        self._confirm(self.other)
        undone._action_cancel()
        waiting, _status = self._quote()
        self._confirm()
        with self.assertRaisesRegex(UserError, "2 times a month"):
            waiting.action_confirm()
        with freeze_time("2026-07-01 08:00:00"):
            self._confirm()

    def test_a_free_product_is_given_no_more_often(self):
        gift = self.env["loyalty.reward"].create(
            {
                "program_id": self.program.id,
                "reward_type": "product",
                "reward_product_id": self.product.id,
                "required_points": 30,
                "limit_member": 2,
            }
        )
        order, status = self._quote(points=30)
        self.assertEqual(status, {})
        line = order.order_line.filtered("reward_id")
        self.assertEqual((line.product_uom_qty, line.points_cost), (2, 60))
        self.assertIn(
            "2 times", order._apply_program_reward(gift, self.card).get("error", "")
        )
        order._update_programs_and_rewards()
        self.assertEqual(line.product_uom_qty, 2)
        order.action_confirm()
        self.assertIn("2 times", self._refusal(points=30))

    def test_an_offer_has_its_days(self):
        self.small.write({"claim_from": "2026-07-01", "claim_to": "2026-07-31"})
        self.assertIn("on offer from 07/01/2026", self._refusal())
        with freeze_time("2026-07-31 08:00:00"):
            self._confirm()
        with freeze_time("2026-08-01 08:00:00"):
            self.assertIn("until 07/31/2026", self._refusal())

    def test_rewards_of_a_group_do_not_go_together(self):
        group = self.env["loyalty.reward.group"].create({"name": "One of these"})
        points = self.env["loyalty.reward"].create(
            {
                "program_id": self.program.id,
                "reward_type": "discount",
                "discount_mode": "per_point",
                "discount": 0.01,
                "required_points": 50,
                "exclusion_group_ids": [Command.set(group.ids)],
            }
        )
        order, status = self._quote()
        self.assertEqual(order._apply_program_reward(points, self.card), {})
        self.small.exclusion_group_ids = group
        order, status = self._quote()
        self.assertEqual(status, {})
        status = order._apply_program_reward(points, self.card)
        self.assertIn("does not go together", status["error"])
        self.assertNotIn(points, order._get_claimable_rewards().get(self.card, []))

    def test_a_coupon_takes_its_piece_and_gives_it_back(self):
        self.small.write({"limit_total": 1, "issues_coupon": True})
        coupon = self.card._issue_coupon(self.small, "backoffice")
        self.assertEqual(self.small.limit_left, 0)
        with self.assertRaisesRegex(UserError, "have been claimed"):
            self.other._issue_coupon(self.small, "backoffice")
        self.assertIn("have been claimed", self._refusal())
        coupon._void()
        self.assertEqual(self.small.limit_left, 1)

    def test_limits_that_cannot_be_are_refused(self):
        recorded = self._make_recorded_program().reward_ids
        for reward, values in (
            (recorded, {"limit_total": 5}),
            (self.small, {"claim_from": "2026-07-02", "claim_to": "2026-07-01"}),
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                reward.write(values)
        with self.assert_refused_by_sql():
            self.small.limit_member = -1
            self.small.flush_recordset()
