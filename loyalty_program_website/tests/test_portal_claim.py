import html
from uuid import uuid4

from odoo.tests import tagged

from .common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestPortalClaim(LoyaltyWebsiteCommon):
    """A customer claims rewards of the catalogue on their own page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cause = cls.env["loyalty.cause"].create({"name": "Trees"})
        cls.pool = cls.env["loyalty.code.pool"].create(
            {"name": "Cinema", "instructions": "Show it at the box office."}
        )
        cls.env["loyalty.code.import"].create(
            {"pool_id": cls.pool.id, "text": "FILM-1"}
        ).action_import()
        cls.donation = cls._make_reward(
            "donation",
            cause_id=cls.cause.id,
            discount_mode="per_point",
            discount=0.05,
            required_points=20,
        )
        cls.film = cls._make_reward("partner_code", code_pool_id=cls.pool.id)

    @classmethod
    def _make_reward(cls, kind, **values):
        return cls.env["loyalty.reward"].create(
            {
                "program_id": cls.program.id,
                "reward_type": kind,
                "required_points": 100,
                "description": f"Test {kind}",
                **values,
            }
        )

    def setUp(self):
        super().setUp()
        self._give_points(self.card, 250)
        self._sign_in(self.member_user)

    def _claim(self, reward, **form):
        """Press the button and return the page that follows."""
        values = {
            "program_id": self.program.id,
            "reward_id": reward.id,
            "token": uuid4().hex,
            **form,
        }
        return html.unescape(self._post_form("/my/loyalty/claim", **values).text)

    def test_a_code_is_claimed_and_shown(self):
        page = self._open()
        forms = page.xpath("//form[contains(@class, 'o_lp_claim')]")
        self.assertEqual(len(forms), 2)
        page = self._claim(self.film)
        self.assertIn("Code: FILM-1", page)
        self.assertIn("box office", page)
        self.assertIn("no codes left", page)
        self.assertEqual(self.card.points, 150)
        self.assertIn("no codes left", self._claim(self.film))
        self.assertEqual(self.card.points, 150)
        self.card.claim_ids._void()
        page = self._read_main("/my/loyalty")
        self.assertIn("Void, your points came back", page)
        self.assertNotIn("box office", page)

    def test_a_donation_of_so_many_points_and_the_year(self):
        page = self._claim(self.donation, points="140", token="once")
        self.assertIn("$ 7.00 for “Trees”", page.replace("\N{NO-BREAK SPACE}", " "))
        self._claim(self.donation, points="140", token="once")
        self.assertEqual(self.card.points, 110)
        donated = self._text(self._open(), "o_lp_donated")
        self.assertIn("7.00", donated)

    def test_two_clicks_in_the_browser_are_one_claim(self):
        self.start_tour(
            "/my/loyalty", "loyalty_website_claim", login=self.member_user.login
        )
        self.assertEqual(self.card.claim_ids.points, 140)

    def test_two_browsers_get_one_last_code(self):
        """Each has its own form: the second one is told, and pays nothing."""
        self._give_points(self.card, 500, key="test:more")
        self.assertIn("FILM-1", self._claim(self.film, token="first"))
        self._sign_in(self.member_user)
        self.assertIn("no codes left", self._claim(self.film, token="second"))
        self.assertEqual(self.card.points, 650)
        self.assertEqual(len(self.card.claim_ids), 1)

    def test_a_forged_form_is_told_and_takes_nothing(self):
        for points, words in (
            ("120.5", "decimals"),
            ("-20", "at least 20"),
            ("260", "suffice for 240"),
            ("x", "no number"),
        ):
            self.assertIn(words, self._claim(self.donation, points=points))
        for forged in (self.program.reward_ids[-1].id + 10**6, 0, -1, "x", 10**30, ""):
            self.assertIn("not on offer", self._claim(self.film, reward_id=forged))
        discount = self.program.reward_ids.filtered(
            lambda own: own.reward_type == "discount"
        )
        self.assertIn("not on offer", self._claim(discount[0]))
        self.assertEqual(self.card.points, 250)
        self.assertFalse(self.card.claim_ids)

    def test_somebody_else_sees_and_gets_nothing(self):
        self._claim(self.film)
        self._sign_in(self.other_user)
        self.assertNotIn("FILM-1", self._read_main("/my/loyalty"))
        self._claim(self.film)
        claims = self.env["loyalty.reward.claim"]
        self.assertEqual(claims.search_count([("reward_id", "=", self.film.id)]), 1)

    def test_the_cart_does_not_offer_it(self):
        order = self._fill_cart(self.member)
        offered = order._get_claimable_and_showable_rewards()
        rewards = self.env["loyalty.reward"].concat(*offered.values())
        self.assertTrue(rewards)
        self.assertFalse(rewards & (self.film | self.donation))
