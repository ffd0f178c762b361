from lxml import html

from odoo.tests import tagged

from .common import LoyaltyWebsiteCommon
from odoo.addons.loyalty_program.engine import throttle


@tagged("post_install", "-at_install")
class TestReferral(LoyaltyWebsiteCommon):
    """A link is opened, kept over sign-up and checkout, and rewarded once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write(
            {
                "referral_active": True,
                "referral_points": 50,
                "referral_friend_points": 30,
            }
        )
        cls.code = cls.card._get_referral_code()
        cls.other.write(
            {"phone": "+1 555 99887766", "street": "9 Elsewhere", "zip": "99999"}
        )
        cls.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2c")
        cls.env["res.users"].search([("login", "=", "new@example.com")]).unlink()

    def _open_link(self, code=None):
        return self.url_open(f"/refer/{code or self.code}")

    def _find(self, partner):
        return self.env["loyalty.referral"].search([("friend_id", "=", partner.id)])

    def _sign_up(self, **form):
        values = {
            "login": "new@example.com",
            "name": "Nora New",
            "password": "nora-new-nora",
            "confirm_password": "nora-new-nora",
            **form,
        }
        self.authenticate(None, None)
        if "friend_code" not in form:
            self._open_link()
        answer = self._post_form("/web/signup", **values)
        user = self.env["res.users"].search([("login", "=", "new@example.com")])
        return answer, user.partner_id

    # === The link ===

    def test_a_guest_reads_who_invites_and_what_for(self):
        self.authenticate(None, None)
        page = self._open_link()
        self.assertEqual(page.status_code, 200)
        self.assertIn("Mia", page.text)
        self.assertIn("you get 30 points after your first order", page.text)
        for private in ("Mia Member", self.member.email, self.card.code):
            self.assertNotIn(private, page.text)

    def test_messengers_show_who_invites_to_what(self):
        self.authenticate(None, None)
        page = html.fromstring(self._open_link().content)
        meta = {
            tag.get("property"): tag.get("content")
            for tag in page.xpath("//meta[starts-with(@property, 'og:')]")
        }
        self.assertEqual(meta["og:title"], "Mia invites you to Test Club")
        self.assertIn("30 points after your first order", meta["og:description"])
        self.assertTrue(meta["og:url"].endswith(f"/refer/{self.code}"))
        self.assertEqual(len(page.xpath("//meta[@property='og:title']")), 1)

    def test_the_members_own_link_is_not_for_them(self):
        self._sign_in(self.member_user)
        self.assertIn("your own link", self._open_link().text)
        self.assertFalse(self._fill_cart(self.member).referral_card_id)

    def test_a_wrong_code_is_told_and_guessing_takes_for_ever(self):
        self.authenticate(None, None)
        codes = [f"2222222{symbol}" for symbol in "3456789CD"]
        answers = [self._open_link(code) for code in codes]
        self.assertEqual({answer.status_code for answer in answers}, {404})
        free = throttle.SESSION.free
        self.assertNotIn("Too many wrong codes", answers[free].text)
        self.assertIn("Too many wrong codes", answers[free + 1].text)
        # The right code waits as well: a guesser learns nothing.
        self.assertIn("Too many wrong codes", self._open_link().text)

    def test_an_offer_that_has_ended(self):
        self.program.referral_active = False
        self.authenticate(None, None)
        self.assertEqual(self._open_link().status_code, 404)

    # === Sign-up, joining, checkout ===

    def test_the_link_survives_the_sign_up(self):
        _answer, partner = self._sign_up()
        referral = self._find(partner)
        self.assertEqual((referral.card_id, referral.state), (self.card, "invited"))
        self.assertTrue(referral.network)
        # In another browser: the row remembers, not the session.
        self.authenticate("new@example.com", "nora-new-nora")
        self._join(self.program)
        self.assertEqual(self._find(partner), referral)
        self.assertEqual(referral.state, "signed_up")

    def test_a_code_typed_on_signing_up(self):
        _answer, partner = self._sign_up(friend_code=self.card.referral_text.lower())
        self.assertEqual(self._find(partner).card_id, self.card)

    def test_a_wrong_code_signs_nobody_up(self):
        answer, partner = self._sign_up(friend_code="2222-2222")
        self.assertIn("not valid", answer.text)
        self.assertFalse(partner)

    def test_a_code_typed_on_joining(self):
        self._sign_in(self.other_user)
        answer = self._join(self.program, friend_code="2222-2222")
        self.assertIn("not valid", answer.text)
        self.assertFalse(self._get_card(self.other))
        self._join(self.program, friend_code=self.card.referral_text)
        self.assertEqual(self._find(self.other).state, "signed_up")

    def test_a_new_member_may_still_tell_the_code_an_old_one_not(self):
        self._sign_in(self.other_user)
        self._join(self.program)
        form = {"program_id": self.program.id, "friend_code": self.code}
        self.assertIn("Did somebody bring you?", self._read_main("/my/loyalty"))
        self._get_card(self.other).joined_on = "2020-01-01"
        self._post_form("/my/loyalty/friend_code", **form)
        self.assertFalse(self._find(self.other))
        self._get_card(self.other).joined_on = self.program._get_local_date()
        self._post_form("/my/loyalty/friend_code", **form)
        self.assertEqual(self._find(self.other).state, "signed_up")
        self.assertNotIn("Did somebody bring you?", self._read_main("/my/loyalty"))

    def test_the_cart_keeps_it_and_the_paid_order_rewards_both(self):
        self._sign_in(self.other_user)
        self._open_link()
        self._join(self.program)
        order = self._fill_cart(self.other)
        self.assertEqual(order.referral_card_id, self.card)
        self._pay(order)
        referral = self._find(self.other)
        self.assertEqual(
            (referral.state, referral.points, referral.friend_points),
            ("rewarded", 50, 30),
        )
        self.assertEqual((referral.origin_id, self.card.points), (order.id, 50))
        self._post_again(order)
        self.assertEqual(self.card.points, 50)

    def test_a_friend_comes_by_the_link_and_both_are_rewarded(self):
        """In a browser: link, sign-up, joining, cart; and the reward on the page."""
        self.start_tour(f"/refer/{self.code}", "loyalty_website_friend_comes")
        login = "nora.new@example.com"
        user = self.env["res.users"].search([("login", "=", login)])
        self.assertEqual(self._find(user.partner_id).state, "signed_up")
        # The tours log in with the login as the password.
        user.password = login
        self.start_tour("/shop", "loyalty_website_friend_orders", login=login)
        order = self.env["sale.order"].search([("partner_id", "=", user.partner_id.id)])
        self.assertEqual(order.referral_card_id, self.card.browse())
        self.authenticate(login, login)
        self._pay(order)
        self.assertEqual(self._find(user.partner_id).state, "rewarded")
        self.assertEqual(self.card.points, 50)
        self.start_tour("/my/loyalty", "loyalty_website_friend_rewarded", login=login)

    def _post_again(self, order):
        """Let the provider report the payment once more."""
        order.transaction_ids._post_process()
        order._post_late_loyalty("payment")

    def test_a_cart_that_was_there_before_the_link_learns_it(self):
        self._sign_in(self.other_user)
        order = self._fill_cart(self.other)
        self.assertFalse(order.referral_card_id)
        self._open_link()
        self.assertEqual(order.referral_card_id, self.card)

    def test_a_guest_is_a_friend_too(self):
        self.authenticate(None, None)
        self._open_link()
        order = self._fill_cart(self.env.ref("base.public_user").partner_id)
        guest = self.env["res.partner"].create(
            {"name": "Gus Guest", "email": "gus@example.com"}
        )
        # What the shop's page of the address does.
        order.partner_id = guest
        self._pay(order)
        referral = self._find(guest)
        self.assertEqual((referral.state, referral.channel), ("rewarded", "website"))
        self.assertEqual((self.card.points, referral.friend_points), (50, 0))

    def test_who_lives_with_the_member_is_looked_at(self):
        self.other.phone = self.member.phone
        self._sign_in(self.other_user)
        self._open_link()
        self._join(self.program)
        self._pay(self._fill_cart(self.other))
        referral = self._find(self.other)
        self.assertEqual((referral.state, referral.reasons), ("blocked", "phone"))
        self.assertEqual(self.card.points, 0)

    # === The member's page ===

    def test_the_page_has_link_code_and_friends(self):
        self.env["loyalty.referral"]._claim(self.card, self.other, "website")
        self._sign_in(self.member_user)
        page = self._read_main(f"/my/loyalty/{self.program.id}/friends")
        link = self.card._get_referral_tracker()
        code = self.card.referral_text
        for shown in (code, link.short_url, "Stan", "<svg", "30 points"):
            self.assertIn(shown, page)
        for private in ("Stranger", self.other.email, self.other.phone):
            self.assertNotIn(private, page)
        self.assertIn("/friends", self._read_main("/my/loyalty"))

    def test_the_link_counts_clicks_and_leads_to_the_programme(self):
        link = self.card._get_referral_tracker()
        self.assertEqual(self.card._get_referral_tracker(), link)
        self.authenticate(None, None)
        answer = self.url_open(f"/r/{link.code}")
        self.assertIn(f"/refer/{self.code}", answer.url)
        self.assertIn("invites you", answer.text)
        self.assertEqual(link.count, 1)

    def test_reasons_are_not_for_the_member(self):
        self.other.phone = self.member.phone
        self.env["loyalty.referral"]._claim(self.card, self.other, "website")
        self._sign_in(self.member_user)
        page = self._read_main(f"/my/loyalty/{self.program.id}/friends")
        self.assertIn("We are looking at it", page)
        self.assertNotIn("phone", page)

    def test_nobody_sees_the_friends_of_others(self):
        self.env["loyalty.referral"]._claim(
            self.card, self.env["res.partner"].create({"name": "Zed"}), "website"
        )
        url = f"/my/loyalty/{self.program.id}/friends"
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(url).url)
        for login in (self.other_user, self._make_employee()):
            self._sign_in(login)
            answer = self.url_open(url)
            self.assertTrue(answer.url.endswith("/my/loyalty"))
            self.assertNotIn("Zed", answer.text)
            self._post_form(
                "/my/loyalty/friend_code",
                program_id=self.program.id,
                friend_code=self.code,
            )
            self.assertFalse(self._find(login.partner_id))

    def _make_employee(self):
        user = self._create_customer("test_employee", "Emil Employee")
        user.group_ids = self.env.ref("base.group_user")
        return user
