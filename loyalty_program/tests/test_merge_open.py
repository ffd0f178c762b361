from odoo.exceptions import UserError
from odoo.tests import tagged

from .merge_common import MergeCase

ADJUST = "loyalty_program.group_loyalty_adjust"


@tagged("post_install", "-at_install")
class TestMergeOpen(MergeCase):
    """What was under way when contacts were merged ends at the card that stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stays = cls._make_member("Mira Double")

    def test_a_quotation_earns_for_the_card_that_stays(self):
        order = self._make_order(self.member, 150)
        order._update_programs_and_rewards()
        self._merge(self.stays, self.card)
        order.action_confirm()
        self.assertEqual((self.stays.points, self.card.points), (150, 0))
        self.assert_balanced(self.stays)

    def test_a_claimed_reward_is_paid_by_the_card_that_stays(self):
        self._post(300)
        order = self._make_order(self.member, 150)
        self.assertFalse(self._claim_reward(order))
        self._merge(self.stays, self.card)
        order.action_confirm()
        line = order.order_line.filtered("reward_id")
        self.assertEqual(line.coupon_id, self.stays)
        earned = self._entries(order, card=self.stays).filtered(
            lambda entry: entry.entry_type == "earn"
        )
        self.assertEqual(self.stays.points, 200 + earned.points)
        self.assertFalse(self._entries(order))

    def test_a_quotation_that_knows_both_cards_earns_once(self):
        order = self._make_order(self.stays.partner_id, 150)
        order._update_programs_and_rewards()
        order.sudo()._add_points_for_coupon({self.card: 150})
        self._merge(self.stays, self.card)
        order._update_programs_and_rewards()
        order.action_confirm()
        self.assertEqual((self.stays.points, self.card.points), (150, 0))
        self.assertTrue(self.stays.exists())

    def test_a_recorded_quotation_earns_for_the_card_that_stays(self):
        program = self._make_recorded_program()
        cards = [self._make_card(program, points) for points in (20, 30)]
        order = self._make_order(cards[0].partner_id, 150)
        order._update_programs_and_rewards()
        self._merge(cards[1], cards[0])
        order.action_confirm()
        self.assertEqual([card.points for card in cards], [0, 200])

    def test_an_adjustment_that_waited_reaches_the_card_that_stays(self):
        self.program.adjust_limit = 10
        clerk, other = self._make_user("a", ADJUST), self._make_user("b", ADJUST)
        reason = self.env.ref("loyalty_program.adjustment_reason_goodwill")
        adjustments = self.env["loyalty.adjustment"].with_user(clerk)
        waiting = adjustments._request(self.card, 40, reason)
        self._merge(self.stays, self.card)
        waiting.with_user(other).action_approve()
        self.assertEqual((self.stays.points, self.card.points), (40, 0))

    def test_a_merged_card_takes_no_points(self):
        self._merge(self.stays, self.card)
        reason = self.env.ref("loyalty_program.adjustment_reason_goodwill")
        with self.assertRaisesRegex(UserError, "was merged"):
            self.env["loyalty.adjustment"].with_user(self.manager)._request(
                self.card, 40, reason
            )
        with self.assertRaisesRegex(UserError, "was merged"):
            self.card.with_user(self.manager).points = 40
        self._post(50, "earn", card=self.stays)
        with self.assertRaisesRegex(UserError, "was merged"):
            self.env["loyalty.transfer"].with_user(self.manager)._transfer(
                self.stays, self.card, 5, "Gift"
            )
        self.assertEqual((self.stays.points, self.card.points), (50, 0))

    def test_no_context_of_a_client_brings_a_merged_card_back(self):
        self._post(70, "earn")
        self._merge(self.stays, self.card, active_test=False)
        third = self._make_member("Mira Third")
        kept = self._merge(third, self.stays, active_test=False).target_card_id
        self.assertEqual(kept, third)
        self.assertEqual((third.points, third.active), (70, True))
        program = self.program.with_context(active_test=False)
        self.assertEqual(program._get_member_card(third.partner_id), third)
        joined = program._enrol(third.partner_id, "backoffice", True)
        self.assertEqual(joined, third)
