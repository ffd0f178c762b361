from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestErase(LoyaltyCase):
    """The identity goes, sums, entries and the audit stay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member.write({"email": "mira@example.com", "street": "Main Street 1"})

    def _erase(self, card=None, with_contact=True, user=None):
        self.env["loyalty.erase"].with_user(user or self.manager).create(
            {"card_id": (card or self.card).id, "with_contact": with_contact}
        ).action_erase()

    def test_sums_and_entries_stay_and_the_name_goes(self):
        order = self._buy(150)
        code, number = self.card.code, self.card.member_number
        self._erase()
        self.assertEqual(self.card.member_state, "erased")
        self.assertEqual(self._story(order), [("earn", 150)])
        self.assertEqual(self.card.points, 150)
        self.assertFalse(self.card.partner_id or self.card.member_number)
        self.assertNotEqual(self.card.code, code)
        self.assertNotIn(number, self.card.display_name or "")
        self.assertNotIn("Mira", self.card.display_name or "")
        self.assert_balanced()

    def test_the_contact_is_anonymised_and_keeps_its_documents(self):
        order = self._buy(150)
        address = self._make_partner(
            "Mira at work", parent_id=self.member.id, type="delivery", email="m@w.test"
        )
        self._erase()
        for partner in (self.member, address):
            self.assertEqual(partner.name, "Erased contact")
            self.assertFalse(partner.email or partner.street or partner.active)
        self.assertEqual(order.partner_id, self.member)

    def test_the_contact_stays_if_the_manager_says_so(self):
        self._erase(with_contact=False)
        self.assertEqual(self.member.name, "Mira Member")
        self.assertFalse(self.card.partner_id)

    def test_notes_and_messages_about_the_member_go(self):
        self.card.message_post(body="Mira called")
        reason = self.env.ref("loyalty_program.adjustment_reason_goodwill")
        adjustment = self.env["loyalty.adjustment"].with_user(self.manager)
        adjustment = adjustment._request(self.card, 5, reason, "Mira was angry")
        self.env["loyalty.history"].create(
            {"card_id": self.card.id, "description": "For Mira", "issued": 5}
        )
        self._erase()
        self.assertFalse(adjustment.note)
        self.assertEqual(self.card.history_ids.mapped("description"), ["Erased"])
        bodies = " ".join(self.card.message_ids.mapped("body"))
        self.assertNotIn("Mira", bodies)
        self.assertIn("erased", bodies)

    def test_merged_cards_of_the_member_are_forgotten_as_well(self):
        old = self._make_card(self.program, partner_id=self.member.id)
        old.write({"member_number": "M-OLD", "member_state": "left", "active": False})
        self._erase()
        self.assertEqual(old.member_state, "erased")
        self.assertFalse(old.partner_id or old.member_number)

    def test_with_the_contact_all_its_memberships_go(self):
        other = self._make_program(name="Other")
        card = other._enrol(self.member, "backoffice", True)
        self._erase()
        self.assertEqual(card.member_state, "erased")

    def test_joining_again_makes_a_new_card(self):
        self._post(50)
        self._erase(with_contact=False)
        again = self.program._enrol(self.member, "backoffice", True)
        self.assertNotEqual(again, self.card)
        self.assertEqual(again.points, 0)
        with self.assertRaises(UserError):
            self.card._join("backoffice")

    def test_an_erased_member_neither_earns_nor_spends(self):
        self._erase(with_contact=False)
        self.assertFalse(self.card._may_earn() or self.card._may_spend())
        order = self._buy(50)
        self.assertFalse(self._entries(order))

    def test_an_order_of_before_can_still_be_cancelled(self):
        order = self._buy(150)
        self._erase()
        order._action_cancel()
        self.assertEqual(self.card.points, 0)
        self.assert_balanced()

    def test_the_portal_user_goes_with_the_contact(self):
        user = new_test_user(
            self.env,
            "mira_portal",
            groups="base.group_portal",
            partner_id=self.member.id,
        )
        self._erase()
        self.assertFalse(user.active)
        self.assertNotIn("mira", user.login)

    def test_an_employees_contact_is_not_anonymised(self):
        card = self.program._enrol(self.loyalty_user.partner_id, "backoffice", True)
        with self.assertRaisesRegex(UserError, "user of this database"):
            self._erase(card)
        self.env.invalidate_all()
        self.assertEqual(card.member_state, "joined")

    def test_only_managers_erase_and_only_once(self):
        for user in (self.salesperson, self.loyalty_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.card.with_user(user)._erase(False)
        self._erase()
        with self.assertRaises(UserError):
            self._erase()

    def test_odoos_privacy_log_notes_it_without_the_name(self):
        if "privacy.log" not in self.env:
            self.assertFalse(self.card._log_privacy(self.member))
            return
        self._erase()
        log = self.env["privacy.log"].search([], order="id desc", limit=1)
        self.assertNotIn("Mira", log.anonymized_name)
        self.assertIn("Erased", log.execution_details)
