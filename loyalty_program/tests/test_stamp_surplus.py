from odoo.tests import freeze_time, tagged

from .common import NOW
from .stamp_common import StampCase


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestStampSurplus(StampCase):
    """Where the programme says so, a full card takes no more stamps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stamps.stamp_surplus = "dropped"

    def test_what_does_not_fit_is_dropped(self):
        self._post(7, card=self.stamp_card)
        order = self._buy(self._cups(5))
        entry = self._entries(order, self.stamp_card)
        self.assertEqual(entry.points, 2)
        self.assertIn("The stamp card takes 9; 2 still fitted", entry.breakdown_text)
        self.assertEqual(self.stamp_card.points, 9)
        self.assert_balanced(self.stamp_card)

    def test_the_quotation_shows_what_will_be_given(self):
        self._post(7, card=self.stamp_card)
        order = self._make_order(self.member, self._cups(5))
        order._update_programs_and_rewards()
        points = order.coupon_point_ids.filtered(
            lambda point: point.coupon_id == self.stamp_card
        )
        self.assertEqual(points.points, 2)

    def test_nineteen_cups_fill_one_card_and_no_second_one(self):
        order = self._make_order(self.member, self._cups(18))
        self._claim_cup(order)
        order.action_confirm()
        self.assertEqual(
            self._story(order, self.stamp_card), [("redeem", -9), ("earn", 9)]
        )
        self.assertEqual(self.stamp_card.points, 0)

    def test_a_reward_from_before_makes_room_for_a_new_card(self):
        self._post(9, card=self.stamp_card)
        order = self._make_order(self.member, self._cups(3))
        self._claim_cup(order)
        order.action_confirm()
        self.assertEqual(self.stamp_card.points, 3)

    def test_a_full_card_takes_nothing(self):
        self._post(9, card=self.stamp_card)
        self._buy(self._cups(3))
        self.assertEqual(self.stamp_card.points, 9)
        self.assert_balanced(self.stamp_card)

    def test_the_same_posting_again_keeps_what_it_got(self):
        order = self._buy(self._cups(12))
        self.assertEqual(self.stamp_card.points, 9)
        posting = order.sudo()._prepare_earn_posting(
            order.sudo().coupon_point_ids.filtered(
                lambda point: point.coupon_id == self.stamp_card
            ),
            0,
        )
        self.ledger._post([posting])
        self.assertEqual(self._story(order, self.stamp_card), [("earn", 9)])

    def test_stamps_from_the_shop_itself_are_never_dropped(self):
        self._post(12, card=self.stamp_card)
        self.assertEqual(self.stamp_card.points, 12)
