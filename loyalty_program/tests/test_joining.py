from datetime import date, datetime

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import NOW, LoyaltyCase


@tagged("post_install", "-at_install")
class TestJoining(LoyaltyCase):
    """A customer becomes a member by joining, and by nothing else."""

    def _enrol(self, partner, consent=True, program=None, **values):
        return (program or self.program)._enrol(partner, "website", consent, **values)

    def test_without_consent_nobody_becomes_a_member(self):
        partner = self._make_partner()
        with self.assertRaises(UserError):
            self._enrol(partner, consent=False)
        self.assertFalse(
            self.env["loyalty.card"].search([("partner_id", "=", partner.id)])
        )

    def test_joining_gives_number_date_channel_tier_and_keeps_the_consent(self):
        self.program.terms_version = "7"
        card = self._enrol(self._make_partner())
        self.assertEqual(card.member_state, "joined")
        self.assertRegex(card.member_number, r"^M\d{6,}$")
        self.assertEqual(card.joined_on, date(2026, 6, 30))
        self.assertEqual(card.join_channel, "website")
        self.assertEqual(card.terms_accepted_on, datetime.fromisoformat(NOW))
        self.assertEqual(card.terms_version, "7")
        self.assertEqual(card.tier_id.name, "Bronze")
        self.assertEqual(card.tier_since, date(2026, 6, 30))
        self.assertEqual(card.tier_change_ids.mapped("cause"), ["joined"])
        self.assertEqual((card.points, card.points_pending), (0, 0))

    def test_each_member_has_a_number_of_their_own(self):
        numbers = {self._enrol(self._make_partner()).member_number for _ in range(5)}
        self.assertEqual(len(numbers), 5)

    def test_an_import_keeps_the_day_of_joining(self):
        card = self._enrol(self._make_partner(), joined_on=date(1997, 1, 1))
        self.assertEqual(card.joined_on, date(1997, 1, 1))

    def test_joining_twice_changes_nothing(self):
        card = self._enrol(self._make_partner())
        before = card.read(["member_number", "joined_on", "join_channel"])
        with freeze_time("2027-01-01 10:00:00"):
            again = self.program._enrol(card.partner_id, "pos", True)
        self.assertEqual(again, card)
        self.assertEqual(
            card.read(["member_number", "joined_on", "join_channel"]), before
        )

    def test_the_same_customer_twice_in_one_batch_is_one_member(self):
        partner = self._make_partner()
        cards = self.program._enrol_batch(
            [(partner, None), (partner, None)], "import", True
        )
        self.assertEqual(len(set(cards.ids)), 1)

    def test_a_quotation_makes_no_member_and_no_card(self):
        stranger = self._make_partner("Stan Stranger")
        order = self._make_order(stranger)
        order._update_programs_and_rewards()
        cards = self.env["loyalty.card"].search([("partner_id", "=", stranger.id)])
        self.assertFalse(cards)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertFalse(cards.search([("partner_id", "=", stranger.id)]))
        self.assertIn("error", order._try_apply_program(self.program))

    def test_a_card_from_before_becomes_the_membership(self):
        partner = self._make_partner()
        old = self._make_card(self.program, partner_id=partner.id)
        self.assertEqual(old.member_state, "none")
        self.assertFalse(self.program._get_member_card(partner))
        self.assertEqual(self._enrol(partner), old)
        self.assertEqual(self.program._get_member_card(partner), old)

    def test_who_left_neither_earns_nor_spends_and_keeps_the_points(self):
        self._buy(300)
        self.card.with_user(self.loyalty_user).action_leave()
        self.assertEqual(self.card.member_state, "left")
        order = self._make_order(self.member, 100)
        self.assertIn("error", self._claim_reward(order))
        order.action_confirm()
        self.assertFalse(self._entries(order))
        self.assertEqual(self.card.points, 300)

    def test_who_leaves_with_a_quotation_open_earns_nothing_from_it(self):
        order = self._make_order(self.member, 100)
        order._update_programs_and_rewards()
        self.assertTrue(order.coupon_point_ids)
        self.card._leave()
        order.action_confirm()
        self.assertFalse(self._entries(order))
        self.assertEqual(order.amount_total, 100)

    def test_coming_back_keeps_number_and_points(self):
        self._buy(300)
        number = self.card.member_number
        self.card._leave()
        with freeze_time("2026-08-01 10:00:00"):
            card = self._enrol(self.member)
        self.assertEqual(card, self.card)
        self.assertEqual((card.member_number, card.points), (number, 300))
        self.assertEqual(card.joined_on, date(2026, 8, 1))

    def test_archived_and_public_contacts_cannot_join(self):
        archived = self._make_partner(active=False)
        public = self.env.ref("base.public_user").partner_id
        for partner in (archived, public):
            with self.subTest(partner=partner.name), self.assertRaises(UserError):
                self._enrol(partner)

    def test_an_ended_or_archived_programme_takes_nobody(self):
        self.program.date_to = fields.Date.to_date("2026-06-30")
        self._enrol(self._make_partner())
        with freeze_time("2026-07-01 10:00:00"), self.assertRaises(UserError):
            self._enrol(self._make_partner())
        self.program.write({"date_to": False, "active": False})
        with self.assertRaises(UserError):
            self._enrol(self._make_partner())

    def test_a_recorded_programme_takes_no_members(self):
        with self.assertRaises(UserError):
            self._enrol(self._make_partner(), program=self._make_recorded_program())
