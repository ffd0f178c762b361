from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestArchiving(LoyaltyCase):
    """Hiding or deleting a contact or a card loses no membership and no points."""

    def test_the_contact_of_a_member_is_not_deleted(self):
        for state in ("joined", "frozen", "left"):
            self.card.member_state = state
            with self.subTest(state=state), self.assertRaises(UserError):
                self.member.unlink()

    def test_nor_is_that_of_who_left_and_whose_card_is_archived(self):
        self._post(50)
        self.card._leave()
        self.card.action_archive()
        with self.assertRaises(UserError):
            self.member.unlink()

    def test_the_contact_of_an_erased_member_may_be_deleted(self):
        self._post(50)
        self.card.with_user(self.manager)._erase(False)
        self.member.unlink()
        self.assertEqual(self.card.points, 50)

    def test_an_archived_contact_stays_a_member(self):
        self._post(50, "earn", expires_on="2026-07-15")
        self._post(20, "earn", hold_days=14)
        self.member.active = False
        with freeze_time("2026-08-01 12:00:00"):
            self._run_nightly()
        self.assertEqual(self.card.member_state, "joined")
        self.assertEqual((self.card.points, self.card.points_pending), (20, 0))
        self.member.active = True
        self.assertEqual(self.program._get_member_card(self.member), self.card)

    def test_an_archived_contact_does_not_join(self):
        partner = self._make_partner(active=False)
        with self.assertRaises(UserError):
            self.program._enrol(partner, "backoffice", True)

    def test_the_card_of_a_member_is_not_archived(self):
        for state in ("joined", "frozen"):
            self.card.member_state = state
            with self.subTest(state=state), self.assertRaises(UserError):
                self.card.with_user(self.manager).action_archive()

    def test_the_card_of_who_left_may_be_archived_and_comes_back(self):
        self._post(50)
        self.card._leave()
        card = self.card.with_user(self.manager)
        card.action_archive()
        self.assertFalse(card.active)
        self.assert_balanced()
        card.action_unarchive()
        self.program._enrol(self.member, "backoffice", True)
        self.assertEqual((self.card.member_state, self.card.points), ("joined", 50))

    def test_a_card_with_entries_is_never_deleted(self):
        self._post(50)
        with self.assertRaises(UserError):
            self.card.unlink()
