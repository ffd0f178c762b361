import html
from datetime import timedelta
from uuid import uuid4

from odoo.fields import Command, Datetime
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

    def test_what_is_archived_is_told_and_takes_nothing(self):
        mug = self.env["product.product"].create({"name": "Mug", "list_price": 5})
        self.reward.write({"reward_type": "product", "reward_product_id": mug.id})
        self._get_coupon()
        mug.active = False
        self.assertIn("not available any more", self._get_coupon())
        self.assertEqual(self.card.points, 50)
        order = self._fill_cart(self.member)
        page = self._post_form("/shop/pricelist", promo=self._coupons().code).text
        self.assertIn("is not available any more", html.unescape(page))
        self.assertEqual(order.amount_total, 40)

    def test_each_code_that_is_of_no_use_says_why(self):
        self._get_coupon()
        coupon, order = self._coupons(), self._fill_cart(self.member)
        today = self.program._get_local_date()
        slip = coupon.code[:-1] + ("2" if coupon.code[-1] != "2" else "3")
        program = coupon.program_id
        for code, change, words in (
            (slip, {}, "typing error"),
            (coupon.code, {"expiration_date": today - timedelta(days=1)}, "expired on"),
            (coupon.code, {"points": 0}, "already been used"),
            (coupon.code, {"voided_on": Datetime.now()}, "withdrawn on"),
            (coupon.code, {}, "has ended"),
        ):
            before = coupon.read([*change], load=False)[0] if change else {}
            program.active = words != "has ended"
            coupon.write(change)
            page = self._post_form("/shop/pricelist", promo=code).text
            self.assertIn(words, html.unescape(page), words)
            self.assertEqual(order.amount_total, 40, words)
            before.pop("id", None)
            coupon.write(before)
        program.active = True
        typed = f"  {coupon.code.lower().replace('-', ' ')} "
        self._post_form("/shop/pricelist", promo=typed)
        self.assertEqual(order.amount_total, 35)

    def test_a_coupon_says_until_when_it_may_be_used(self):
        self._get_coupon()
        coupon = self._coupons()
        today = self.program._get_local_date()
        coupon.expiration_date = today
        self.assertIn("Today is the last day", self._read_main("/my/loyalty"))
        coupon.expiration_date = today - timedelta(days=1)
        page = self._read_main("/my/loyalty")
        self.assertIn("This coupon expired on", page)
        self.assertIn(">Expired<", page)

    def test_coupons_of_a_merged_contact_are_on_the_page_of_who_stays(self):
        card = self.program._enrol(
            self.env["res.partner"].create({"name": "Mira Twice"}), "backoffice", True
        )
        self._give_points(card, 100, key="test:twice")
        coupon = card._issue_coupon(self.reward, "backoffice")
        self.assertNotIn(coupon.code, self._read_main("/my/loyalty"))
        self.env["base.partner.merge.automatic.wizard"].create(
            {
                "partner_ids": [Command.set((self.member | card.partner_id).ids)],
                "dst_partner_id": self.member.id,
            }
        ).action_merge()
        self.assertIn(coupon.code, self._read_main("/my/loyalty"))

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
        self.assertIn("This code is not valid", answer.text)
        self.assertEqual(order.amount_total, 40)
        self.assertNotIn(code, self._read_main("/my/loyalty"))
        self._get_coupon(program_id=self.program.id)
        self.assertEqual(len(self._coupons()), 1)
