from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestKeepHistory(LoyaltyCase):
    """What others rest on is not deleted."""

    def test_a_member_contact_is_not_deleted(self):
        with self.assertRaises(UserError):
            self.member.unlink()
        self.card._leave()
        with self.assertRaises(UserError):
            self.member.unlink()

    def test_a_contact_that_never_joined_may_go(self):
        partner = self._make_partner()
        card = self._make_card(self._make_recorded_program(), 10, partner_id=partner.id)
        partner.unlink()
        self.assertFalse(partner.exists())
        self.assertEqual(card.points, 10)
        self.assert_balanced(card)

    def test_a_card_with_entries_is_not_deleted(self):
        self._post(5)
        with self.assertRaises(UserError):
            self.card.unlink()

    def test_a_card_without_entries_may_go(self):
        card = self._make_card(self.program)
        card.unlink()
        self.assertFalse(card.exists())

    def test_a_member_may_be_archived_and_keeps_everything(self):
        self._buy(150)
        self.member.active = False
        self.assertEqual((self.card.points, self.card.member_state), (150, "joined"))
