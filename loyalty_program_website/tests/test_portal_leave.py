from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import LoyaltyWebsiteCommon


@tagged("post_install", "-at_install")
class TestPortalLeave(LoyaltyWebsiteCommon):
    """A member leaves as easily as they joined, and nobody makes another leave."""

    def test_a_member_leaves(self):
        self._sign_in(self.member_user)
        answer = self._leave()
        self.assertEqual(self.card.member_state, "left")
        self.assertIn("You have left Test Club", answer.text)
        self.assertIn("Join now", answer.text)

    def test_who_returns_has_the_points_and_the_number_of_before(self):
        self._give_points(self.card, 70)
        number = self.card.member_number
        self._sign_in(self.member_user)
        self._leave()
        self._join(self.program)
        self.assertEqual(self._get_card(self.member), self.card)
        self.assertEqual(self.card.points, 70)
        self.assertEqual(self.card.member_number, number)

    def test_who_left_collects_nothing(self):
        self._sign_in(self.member_user)
        self._leave()
        order = self._fill_cart(self.member)
        self._pay(order)
        self.assertFalse(self._entries_of(order))

    def test_another_customer_cannot_make_a_member_leave(self):
        self._sign_in(self.other_user)
        self._leave()
        self.assertEqual(self.card.member_state, "joined")

    @mute_logger("odoo.http")
    def test_a_form_without_the_token_of_the_page_is_refused(self):
        self._sign_in(self.member_user)
        answer = self._leave(csrf_token="made-up")
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(self.card.member_state, "joined")

    def _leave(self, **form):
        return self._post_form("/my/loyalty/leave", program_id=self.program.id, **form)
