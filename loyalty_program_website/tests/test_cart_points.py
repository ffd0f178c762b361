import html

from odoo.tests import tagged

from .common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestCartPoints(LoyaltyWebsiteCommon):
    """The customer chooses in the cart how many points to spend."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        others = cls.program.reward_ids
        cls.reward = cls.env["loyalty.reward"].create(
            {
                "program_id": cls.program.id,
                "reward_type": "discount",
                "discount_mode": "per_point",
                "discount": 0.05,
                "discount_applicability": "order",
                "required_points": 10,
            }
        )
        others.unlink()
        cls.program.hold_days = 14

    def setUp(self):
        super().setUp()
        self._give_points(self.card, 500)
        self._sign_in(self.member_user)
        self.order = self._fill_cart(self.member)

    def _claim(self, points):
        """Claim with so many points and return the cart that follows."""
        answer = self._post_form(
            "/shop/claimreward",
            reward_id=self.reward.id,
            code=self.card.code,
            points=points,
        )
        self.order.invalidate_recordset()
        return html.unescape(answer.text)

    def test_the_cart_asks_for_the_points(self):
        page = self._read_main("/shop/cart")
        self.assertIn("o_lp_choice_slider", page)
        self.assertRegex(page, r'name="points"[^>]*max="500"')
        self.assertRegex(page, r'oe_currency_value">25.00')

    def test_the_points_chosen_are_spent(self):
        self._claim("120")
        self.assertEqual(self.order.amount_total, 34)
        self._pay(self.order)
        spent = self._entries_of(self.order).filtered(
            lambda entry: entry.entry_type == "redeem"
        )
        self.assertEqual(spent.points, -120)

    def test_what_is_no_choice_is_told_in_the_cart(self):
        for points, text in (
            ("510", "Your points suffice for 500 points"),
            ("-10", "at least 10 points"),
            ("15", "in steps of 10"),
            ("12.5", "too many decimals"),
            ("NaN", "is no number of points"),
            ("1e300", "is no number of points"),
            ("all", "is no number of points"),
        ):
            self.assertIn(text, self._claim(points), points)
            self.assertEqual(self.order.amount_total, 40, points)

    def test_slider_number_and_money_agree_in_the_browser(self):
        self.start_tour(
            "/shop/cart", "loyalty_website_points_choice", login=self.member_user.login
        )
        self.assertEqual(self.order.order_line.mapped("points_cost"), [0, 200])
