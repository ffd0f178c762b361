from odoo.tests import tagged

from odoo.addons.loyalty_program.tests.test_event_record import EventCase


@tagged("post_install", "-at_install")
class TestSignUpEvent(EventCase):
    def setUp(self):
        super().setUp()
        kind = self.env.ref("loyalty_program.loyalty_event_type_signup")
        self._make_rule(kind, points=20)

    def test_joining_gives_the_points_once(self):
        card = self._make_member("Nora New")
        self.assertEqual(self._story(card=card), [("bonus", 20)])
        card._leave()
        self.program._enrol(card.partner_id, "pos", True)
        self.assertEqual(card.points, 20)
        event = self.events.search([("partner_id", "=", card.partner_id.id)])
        self.assertEqual((len(event), event.channel), (1, "backoffice"))

    def test_one_comes_back_in_another_company(self):
        card = self._make_member("Nora New")
        card._leave()
        company = self.env["res.company"].create({"name": "Second shop"})
        program = self.program.with_company(company)
        program._enrol(card.partner_id, "backoffice", True)
        self.assertEqual((card.member_state, card.points), ("joined", 20))

    def test_one_comes_back_as_another_contact(self):
        card = self._make_member("Nora New")
        card._leave()
        card.partner_id = self._make_partner("Nora Newer")
        self.program._enrol(card.partner_id, "backoffice", True)
        self.assertEqual((card.member_state, card.points), ("joined", 20))

    def test_who_is_imported_signed_up_long_ago(self):
        partner = self._make_partner("Ida Imported")
        card = self.program._enrol(partner, "import", True)
        self.assertEqual(card.points, 0)
        self.assertFalse(self.events.search([("partner_id", "=", partner.id)]))
