from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import NOW
from .stamp_common import StampCase


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestHouseProgramme(StampCase):
    """A stamp card comes with the membership of the house's programme."""

    def test_who_joins_the_house_has_the_stamp_card_too(self):
        card = self._make_member("Nora New")
        self.assertTrue(self.stamps._get_member_card(card.partner_id))

    def test_an_older_member_takes_it_up_without_a_second_consent(self):
        other = self._make_stamp_card(name="Cakes")
        self.assertFalse(other._get_member_card(self.member))
        card = other._enrol(self.member, "website", False)
        self.assertEqual(card.member_state, "joined")

    def test_who_is_no_member_of_the_house_is_asked(self):
        with self.assertRaises(UserError):
            self.stamps._enrol(self._make_partner(), "website", False)

    def test_who_left_the_house_is_asked(self):
        member = self._make_member("Lara Leaver")
        member._leave()
        other = self._make_stamp_card(name="Cakes")
        with self.assertRaises(UserError):
            other._enrol(member.partner_id, "website", False)

    def test_the_manager_gives_it_to_all_who_have_none(self):
        left = self._make_member("Lara Leaver")
        other = self._make_stamp_card(name="Cakes")
        card = other._enrol(left.partner_id, "backoffice", True)
        card._leave()
        self.assertEqual(other.house_waiting_count, 1)
        other.with_user(self.manager).action_enrol_house()
        self.assertTrue(other._get_member_card(self.member))
        self.assertEqual(card.member_state, "left", "who left it is left alone")
        with self.assertRaises(AccessError):
            other.with_user(self.loyalty_user).action_enrol_house()

    def test_joining_earns_the_welcome_points_once(self):
        self.env["loyalty.event.rule"].create(
            {
                "program_id": self.program.id,
                "event_type_id": self.env.ref(
                    "loyalty_program.loyalty_event_type_signup"
                ).id,
                "points": 50,
            }
        )
        card = self._make_member("Nora New")
        self.assertEqual(card.points, 50)
        self.assertEqual(self.stamps._get_member_card(card.partner_id).points, 0)

    def test_no_chain_and_no_circle(self):
        for values in (
            {"house_program_id": self.stamps.id},
            {"house_program_id": self._make_recorded_program().id},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._make_program(**values)
        with self.assertRaises(ValidationError):
            self.program.house_program_id = self._make_program()
