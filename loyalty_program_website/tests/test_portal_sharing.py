from odoo.fields import Domain
from odoo.tests import tagged

from .common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestPortalSharing(LoyaltyWebsiteCommon):
    """Members of a pool see the common balance and their own doings, no others'."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_card = cls.program._enrol(cls.other, "backoffice", True)
        cls.pool = cls.env["loyalty.pool"]._make(cls.program, "Our Home")
        cls.pool._add(cls.card, "backoffice")

    def _answer(self, answer, **form):
        form.setdefault("program_id", self.program.id)
        return self._post_form("/my/loyalty/sharing", answer=answer, **form)

    def _invite(self):
        return self.pool._invite(self.other_card)

    def test_an_invited_customer_shares_with_one_click(self):
        self._give_points(self.other_card, 40)
        invitation = self._invite()
        self._sign_in(self.other_user)
        page = self._read_main("/my/loyalty")
        self.assertIn("“Our Home” invites you", page)
        self.assertNotIn("Mia Member", page)
        answer = self._answer("accept", invitation_id=invitation.id)
        self.assertIn("Your points are shared now", answer.text)
        self.assertEqual(self.other_card.account_id, self.pool.account_id)
        self.assertEqual(invitation.channel, "website")
        self.assertEqual(self.card.points, 40)

    def test_an_invited_customer_declines(self):
        invitation = self._invite()
        self._sign_in(self.other_user)
        self._answer("decline", invitation_id=invitation.id)
        self.assertEqual(invitation.state, "declined")
        self.assertFalse(self.other_card.account_id)

    def test_nobody_answers_for_another(self):
        invitation = self._invite()
        self._sign_in(self.member_user)
        for made_up in (invitation.id, 0, "x", None):
            answer = self._answer("accept", invitation_id=made_up)
            self.assertIn("not open any more", answer.text)
        self._sign_in(self.other_user)
        self._answer("accept", invitation_id=invitation.id, program_id="0")
        self.assertEqual(invitation.state, "invited")

    def test_a_member_sees_the_common_balance_and_only_own_entries(self):
        self.pool._add(self.other_card, "backoffice")
        self._give_points(self.card, 111, "test:mine")
        self._give_points(self.other_card, 22, "test:theirs", expires_on="2999-01-31")
        self._sign_in(self.other_user)
        for url in ("/my/loyalty", f"/my/loyalty/{self.program.id}/points"):
            page = self._read_main(url)
            self.assertIn("+22", page)
            self.assertNotIn("+111", page)
        page = self._read_main("/my/loyalty")
        self.assertIn("133", page)
        self.assertIn("with one other member of “Our Home”", page)
        self.assertNotIn("Mia Member", page)
        self.assertEqual(self.card._count_portal_entries(Domain.TRUE), 1)

    def test_who_left_a_pool_still_sees_the_own_entries_of_then(self):
        self.pool._add(self.other_card, "backoffice")
        self._give_points(self.other_card, 22)
        self._sign_in(self.other_user)
        answer = self._answer("leave")
        self.assertIn("Your points are your own again", answer.text)
        self.assertFalse(self.other_card.account_id)
        self.assertIn("+22", self._read_main("/my/loyalty"))

    def test_contacts_of_a_company_do_not_leave_by_themselves(self):
        self.program.pool_contacts = True
        company = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        self.other.parent_id = company
        self._sign_in(self.other_user)
        self.assertNotIn("Stop sharing", self._read_main("/my/loyalty"))
        self._answer("leave")
        self.assertEqual(self.other_card.pool_id.partner_id, company)

    def test_a_member_spends_the_common_points_in_the_webshop(self):
        self.pool._add(self.other_card, "backoffice")
        self._give_points(self.card, 100)
        self._sign_in(self.other_user)
        order = self._fill_cart(self.other)
        order._update_programs_and_rewards()
        rewards = order._get_claimable_and_showable_rewards()
        self.assertIn(self.other_card, rewards)
        order._apply_program_reward(rewards[self.other_card][0], self.other_card)
        self._pay(order)
        spent = self._entries_of(order).filtered(lambda e: e.entry_type == "redeem")
        self.assertEqual(spent.member_card_id, self.other_card)
        self.assertEqual(spent.card_id, self.pool.account_id)
        self.assertEqual(self.card.points, self.other_card.points)
        self.assertLess(self.card.points, 100)
