from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import NOW, LoyaltyCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestMergeCoupon(LoyaltyCase):
    """Coupons follow their member into a merge, and out of it again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = cls.program.reward_ids.sorted("required_points")[0]
        cls.reward.write({"issues_coupon": True, "coupon_valid_days": 30})
        cls.double = cls._make_member("Mira Memmber")
        cls.heir = cls._make_partner("Mira the Younger")
        for card in (cls.card, cls.double):
            cls._post(200, "bonus", card, expires_on=date(2026, 12, 31))

    def _issue(self, card):
        return card._issue_coupon(self.reward, "backoffice", token="click")

    def _merge(self):
        self.env["base.partner.merge.automatic.wizard"].create(
            {
                "partner_ids": [
                    Command.set((self.member | self.double.partner_id).ids)
                ],
                "dst_partner_id": self.member.id,
            }
        ).action_merge()
        self.env.invalidate_all()
        return self.env["loyalty.merge"].search([], limit=1)

    def _split(self, merge):
        merge.with_user(self.manager)._split(self.heir)
        self.env.invalidate_all()

    def test_who_stays_holds_and_uses_the_coupons_of_both(self):
        own, brought = self._issue(self.card), self._issue(self.double)
        self._merge()
        self.assertEqual(self.card.issued_coupon_ids, own | brought)
        self.assertEqual(self.card.issued_coupon_count, 2)
        self.assertEqual(brought.partner_id, self.member)
        order = self._make_order(self.member, 100)
        for card, rewards in order._try_apply_code(brought.code).items():
            order._apply_program_reward(rewards, card)
        self.assertEqual(order.amount_total, 95)
        order.action_confirm()
        self.assertEqual(brought.coupon_state, "used")

    def test_points_of_a_coupon_voided_later_come_to_who_stays(self):
        brought = self._issue(self.double)
        self._merge()
        self.assertEqual(self.card.points, 300)
        brought.with_user(self.manager).action_void_coupons()
        self.assertEqual((self.card.points, self.double.points), (400, 0))
        self.assert_balanced()
        self.assert_balanced(self.double)

    def test_a_split_gives_back_what_came_and_no_more(self):
        own, brought = self._issue(self.card), self._issue(self.double)
        merge = self._merge()
        later = self.card._issue_coupon(self.reward, "backoffice")
        self._split(merge)
        self.assertEqual(self.double.issued_coupon_ids, brought)
        self.assertEqual(brought.partner_id, self.heir)
        self.assertEqual(self.card.issued_coupon_ids, own | later)
        self.assertEqual((own | later).partner_id, self.member)
        brought.with_user(self.manager).action_void_coupons()
        # Half of what was left of the pot, and the points of the coupon.
        self.assertEqual(self.double.points, 150)
        self.assert_balanced()
        self.assert_balanced(self.double)

    def test_a_coupon_for_anybody_stays_one(self):
        self.reward.coupon_owner_only = False
        brought = self._issue(self.double)
        merge = self._merge()
        self.assertEqual(self.card.issued_coupon_ids, brought)
        self.assertFalse(brought.partner_id)
        self._split(merge)
        self.assertEqual(self.double.issued_coupon_ids, brought)
        self.assertFalse(brought.partner_id)

    def test_coupons_that_no_points_bought_go_along(self):
        leaflets = self.env["loyalty.program"].create(
            {
                "name": "Leaflet",
                "program_type": "coupons",
                "reward_ids": [Command.clear(), Command.create({"discount": 10})],
            }
        )
        owner = self.double.partner_id
        given = self._make_card(leaflets, 1, partner_id=owner.id)
        kept = self._make_card(leaflets, 1, partner_id=self.member.id)
        merge = self._merge()
        self.assertEqual((given | kept).partner_id, self.member)
        self._split(merge)
        self.assertEqual(given.partner_id, self.heir)
        self.assertEqual(kept.partner_id, self.member)
