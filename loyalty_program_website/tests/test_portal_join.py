from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestPortalJoin(LoyaltyWebsiteCommon):
    """A customer becomes a member by agreeing to the terms, and in no other way."""

    def setUp(self):
        super().setUp()
        self._sign_in(self.other_user)

    def test_joining_with_consent_makes_a_member(self):
        answer = self._join(self.program)
        card = self._get_card(self.other)
        self.assertEqual(card.member_state, "joined")
        self.assertEqual(card.join_channel, "website")
        self.assertEqual(card.joined_on, self.program._get_local_date())
        self.assertEqual(card.terms_version, self.program.terms_version)
        self.assertEqual(card.points, 0)
        self.assertIn("Welcome to Test Club", answer.text)
        self.assertIn(card.member_number, answer.text)

    def test_nobody_joins_without_consent(self):
        for consent in ("", "no", "on, maybe"):
            with self.subTest(consent):
                answer = self._join(self.program, consent=consent)
                self.assertIn("Please tick the box", answer.text)
                self.assertFalse(self._get_card(self.other))

    def test_consent_to_older_terms_does_not_count(self):
        self.program.terms_version = "2"
        answer = self._join(self.program, terms_version="1")
        self.assertIn("The terms have just changed", answer.text)
        self.assertFalse(self._get_card(self.other))

    def test_a_refusal_is_said_once(self):
        self._join(self.program, consent="")
        self.assertNotIn("Please tick the box", self._read_main("/my/loyalty"))

    def test_joining_twice_gives_one_card(self):
        self._join(self.program)
        first = self._get_card(self.other)
        self._join(self.program)
        cards = self.env["loyalty.card"].search(
            [("partner_id", "=", self.other.id), ("program_id", "=", self.program.id)]
        )
        self.assertEqual(cards, first)

    @mute_logger("odoo.http")
    def test_a_form_without_the_token_of_the_page_is_refused(self):
        answer = self._join(self.program, csrf_token="made-up")
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self._get_card(self.other))

    @mute_logger("odoo.http")
    def test_a_link_cannot_make_a_member(self):
        self.url_open(f"/my/loyalty/join?program_id={self.program.id}&consent=yes")
        self.assertFalse(self._get_card(self.other))

    def test_a_programme_that_ended_takes_nobody(self):
        self.program.date_to = fields.Date.today() - timedelta(days=2)
        self._join(self.program)
        self.assertFalse(self._get_card(self.other))

    def test_a_programme_that_has_not_begun_takes_nobody(self):
        self.program.date_from = fields.Date.today() + timedelta(days=2)
        self._join(self.program)
        self.assertFalse(self._get_card(self.other))

    def test_a_programme_that_is_not_for_the_webshop_takes_nobody(self):
        self.program.ecommerce_ok = False
        self._join(self.program)
        self.assertFalse(self._get_card(self.other))

    def test_welcome_is_said_once(self):
        self._join(self.program)
        self.assertNotIn("Welcome to", self._read_main("/my/loyalty"))

    def test_made_up_programmes_change_nothing(self):
        for number in ("", "abc", "-1", "99999999999999999999", "1e9"):
            with self.subTest(number):
                answer = self._join(self.program, program_id=number)
                self.assertEqual(answer.status_code, 200)
                self.assertFalse(self._get_card(self.other))

    def test_who_came_from_the_cart_returns_there(self):
        page = self._read_main("/my/loyalty?back=cart")
        self.assertIn('name="back" value="cart"', page)
        self.assertTrue(
            self._join(self.program, back="cart").url.endswith("/shop/cart")
        )

    def test_the_way_back_leads_nowhere_else(self):
        page = self._read_main("/my/loyalty?back=https://example.com")
        self.assertNotIn("example.com", page)
        answer = self._join(self.program, back="https://example.com")
        self.assertIn("/my/loyalty", answer.url)
