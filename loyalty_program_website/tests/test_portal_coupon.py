import html
from uuid import uuid4

from odoo.tests import tagged

from .common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestPortalCoupon(LoyaltyWebsiteCommon):
    """A customer turns points into a coupon on their own page, and uses it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reward = cls.program.reward_ids.sorted("required_points")[0]
        cls.reward.write({"issues_coupon": True, "description": "Five off"})

    def setUp(self):
        super().setUp()
        self._give_points(self.card, 150)
        self._sign_in(self.member_user)

    def _get_coupon(self, **form):
        """Press the button and return the page that follows."""
        values = {
            "program_id": self.program.id,
            "reward_id": self.reward.id,
            "token": uuid4().hex,
            **form,
        }
        return html.unescape(self._post_form("/my/loyalty/coupon", **values).text)

    def _coupons(self):
        return self.env["loyalty.card"].search([("source_card_id", "=", self.card.id)])

    def test_points_become_a_coupon_that_the_cart_takes(self):
        self.assertIn("o_lp_get_coupon", self._read_main("/my/loyalty"))
        page = self._get_coupon()
        coupon = self._coupons()
        self.assertEqual(self.card.points, 50)
        self.assertIn(f"Your coupon: {coupon.code}", page)
        self.assertIn("<svg", page)
        self.assertIn("Ready to use", page)
        self.assertNotIn("o_lp_get_coupon", page)
        order = self._fill_cart(self.member)
        self._post_form("/shop/pricelist", promo=coupon.code.lower())
        self.assertEqual(order.amount_total, 35)
        self._pay(order)
        self.assertIn(">Used<", self._read_main("/my/loyalty"))

    def test_a_form_sent_twice_gives_one_coupon(self):
        self._give_points(self.card, 100, key="test:more")
        for _click in range(2):
            self._get_coupon(token="twice")
        self.assertEqual(len(self._coupons()), 1)
        self.assertEqual(self.card.points, 150)

    def test_what_cannot_be_is_told_and_takes_nothing(self):
        self._get_coupon()
        self.assertIn("50 are missing", self._get_coupon())
        other = self.program.reward_ids - self.reward
        for forged in (other.id, 0, -1, "x", 10**30, ""):
            self.assertIn("not on offer", self._get_coupon(reward_id=forged))
        self.assertEqual(self.card.points, 50)

    def test_a_void_coupon_is_shown_as_void(self):
        self._get_coupon()
        coupon = self._coupons()
        coupon._void()
        page = self._read_main("/my/loyalty")
        self.assertIn("Void, your points came back", page)
        order = self._fill_cart(self.member)
        answer = self._post_form("/shop/pricelist", promo=coupon.code)
        self.assertIn("withdrawn on", answer.text)
        self.assertEqual(order.amount_total, 40)

    def test_somebody_else_learns_nothing_and_gets_nothing(self):
        self._get_coupon()
        code = self._coupons().code
        self._sign_in(self.other_user)
        order = self._fill_cart(self.other)
        answer = self._post_form("/shop/pricelist", promo=code)
        self.assertIn("Invalid or expired promo code", answer.text)
        self.assertEqual(order.amount_total, 40)
        self.assertNotIn(code, self._read_main("/my/loyalty"))
        self._get_coupon(program_id=self.program.id)
        self.assertEqual(len(self._coupons()), 1)
