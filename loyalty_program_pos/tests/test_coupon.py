from datetime import timedelta
from uuid import uuid4

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestCoupon(TillCase):
    """Coupons at the till: points become one, and a bad one is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = cls.program.reward_ids.sorted("required_points")[0]
        cls.reward.issues_coupon = True
        cls.register = cls.till.with_user(cls.cashier)

    def _issue(self, card=None, reward=None, token=None):
        card = card or self.card
        return self.register.loyalty_issue_coupon(
            card.id, (reward or self.reward).id, token or uuid4().hex
        )

    def _scan(self, code, partner=None):
        """Return what the till answers to a code: its payload."""
        now = fields.Datetime.to_string(fields.Datetime.now())
        partner = partner or self.member
        answer = self.register.use_coupon_code(code, now, partner.id, False)
        return answer["payload"]

    def _coupon(self):
        return self.env["loyalty.card"].search([("source_card_id", "=", self.card.id)])

    def test_points_become_a_coupon_that_the_till_takes(self):
        self._give(150)
        answer = self._issue()
        coupon = self._coupon()
        self.assertEqual(answer["coupon"]["code"], coupon.code)
        self.assertIn("<svg", answer["coupon"]["svg"])
        self.assertEqual(answer["loyalty.card"][0]["points"], 50)
        self.assertEqual(self.card.entry_ids[0].channel, "pos")
        self.assertIn(coupon.program_id, self.till._get_program_ids())
        self.assertEqual(self._scan(coupon.code.lower())["coupon_id"], coupon.id)

    def test_what_cannot_be_is_told_and_takes_nothing(self):
        self._give(150)
        self._issue(token="click")
        self._issue(token="click")
        self.assertEqual(self.card.points, 50)
        with self.assertRaisesRegex(UserError, "50 are missing"):
            self._issue()
        with self.assertRaisesRegex(UserError, "not on offer"):
            self._issue(reward=self.program.reward_ids - self.reward)
        stranger = self.env["loyalty.card"].create(
            {"program_id": self.program.id, "partner_id": self.stranger.id}
        )
        with self.assertRaisesRegex(UserError, "no member"):
            self._issue(stranger)
        self.assertEqual(self.card.points, 50)

    def test_only_till_users_of_an_open_register_issue(self):
        self._give(150)
        seller = new_test_user(self.env, "till_seller", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.till.with_user(seller).loyalty_issue_coupon(
                self.card.id, self.reward.id, "x"
            )
        self.till.current_session_id.state = "closing_control"
        with self.assertRaises(AccessError):
            self._issue()
        self.assertEqual(self.card.points, 150)

    def test_a_coupon_of_no_use_is_told(self):
        self._give(400)
        self._issue()
        coupon = self._coupon()
        self.assertIn(
            "another customer", self._scan(coupon.code, self.stranger)["error_message"]
        )
        coupon.expiration_date = fields.Date.today() - timedelta(days=1)
        self.assertIn("expired on", self._scan(coupon.code)["error_message"])
        coupon.expiration_date = False
        coupon.points = 0
        self.assertIn("already been used", self._scan(coupon.code)["error_message"])
        coupon.points = 1
        coupon.program_id.active = False
        self.assertIn("has ended", self._scan(coupon.code)["error_message"])
        coupon.program_id.active = True
        coupon.sudo()._void()
        self.assertIn("withdrawn on", self._scan(coupon.code)["error_message"])

    def test_a_coupon_for_what_is_archived_is_told(self):
        self._give(150)
        self.reward.write(
            {"reward_type": "product", "reward_product_id": self.coffee.id}
        )
        self._issue()
        self.coffee.active = False
        answer = self._scan(self._coupon().code)
        self.assertIn("is not available any more", answer["error_message"])
