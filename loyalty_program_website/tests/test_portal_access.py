from odoo.tests import new_test_user, tagged

from .common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestPortalAccess(LoyaltyWebsiteCommon):
    """Who sees what of whom on the loyalty pages."""

    def test_guests_are_sent_to_the_log_in(self):
        for path in ("/my/loyalty", f"/my/loyalty/{self.program.id}/points"):
            with self.subTest(path):
                self.assertIn("/web/login", self.url_open(path).url)

    def test_guests_cannot_join(self):
        self.authenticate(None, None)
        self._join(self.program)
        self.assertFalse(self._get_card(self.public_user.partner_id))

    def test_a_member_sees_the_own_card(self):
        self._sign_in(self.member_user)
        page = self._read_main("/my/loyalty")
        self.assertIn(self.card.member_number, page)
        self.assertIn("Mia Member", page)

    def test_a_customer_sees_the_offer_and_nothing_of_the_member(self):
        self._give_points(self.card, 123)
        self._sign_in(self.other_user)
        page = self._read_main("/my/loyalty")
        self.assertIn("Join now", page)
        self.assertNotIn(self.card.member_number, page)
        self.assertNotIn("123 points", page)

    def test_an_employee_without_rights_is_a_customer_like_any_other(self):
        clerk = new_test_user(
            self.env, "test_clerk", groups="base.group_user", password="test_clerk"
        )
        self._sign_in(clerk)
        page = self._read_main("/my/loyalty")
        self.assertIn("Join now", page)
        self.assertNotIn(self.card.member_number, page)
        self._join(self.program)
        self.assertTrue(self._get_card(clerk.partner_id))
        self._give_points(self._get_card(clerk.partner_id), 7)
        answer = self.url_open(f"/my/loyalty/{self.program.id}/points")
        self.assertEqual(answer.status_code, 200)

    def test_foreign_and_unknown_programmes_get_the_same_answer(self):
        self._sign_in(self.other_user)
        answers = {
            (answer.status_code, answer.headers["Location"])
            for answer in (
                self.url_open(f"/my/loyalty/{number}/points", allow_redirects=False)
                for number in (self.program.id, 999_999, 10**30)
            )
        }
        self.assertEqual(len(answers), 1)
        self.assertTrue(answers.pop()[1].endswith("/my/loyalty"))

    def test_a_programme_of_another_website_is_not_shown(self):
        elsewhere = self.env["website"].create({"name": "Elsewhere"})
        self.program.website_id = elsewhere
        self._sign_in(self.other_user)
        self.assertNotIn("Test Club", self._read_main("/my/loyalty"))
        self._join(self.program)
        self.assertFalse(self._get_card(self.other))

    def test_a_programme_of_another_company_is_not_shown(self):
        company = self.env["res.company"].create({"name": "Other Records"})
        self._create_program(name="Foreign Club", company_id=company.id)
        self._sign_in(self.other_user)
        page = self._read_main("/my/loyalty")
        self.assertIn("Test Club", page)
        self.assertNotIn("Foreign Club", page)

    def test_programmes_that_keep_stock_behaviour_take_no_members_here(self):
        self.env["loyalty.program"].create(
            {"name": "Old Cards", "program_type": "loyalty", "applies_on": "both"}
        )
        self._sign_in(self.other_user)
        self.assertNotIn("Old Cards", self._read_main("/my/loyalty"))

    def test_the_portal_home_has_a_door_to_the_programme(self):
        self._give_points(self.card, 1240)
        self._sign_in(self.member_user)
        page = self._read_main("/my/home")
        self.assertIn(f"/my/loyalty#programme_{self.program.id}", page)
        self.assertIn("1,240 points", page)
