from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestJoinRights(LoyaltyCase):
    """Who may make members, and who may touch what a membership is."""

    def _join(self, user, partner, consent=True):
        wizard = (
            self.env["loyalty.join"]
            .with_user(user)
            .create(
                {
                    "partner_id": partner.id,
                    "program_id": self.program.id,
                    "consent": consent,
                }
            )
        )
        return wizard.action_join()

    def test_a_loyalty_user_enrols_a_customer(self):
        partner = self._make_partner()
        action = self._join(self.loyalty_user, partner)
        card = self.program._get_member_card(partner)
        self.assertEqual(action["res_id"], card.id)
        self.assertEqual(card.member_state, "joined")
        self.assertEqual(card.join_channel, "backoffice")

    def test_the_wizard_asks_for_consent_too(self):
        with self.assertRaises(UserError):
            self._join(self.loyalty_user, self._make_partner(), consent=False)

    def test_others_enrol_nobody(self):
        for user in (self._make_user("clerk", ""), self.salesperson):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._join(user, self._make_partner())

    def test_only_loyalty_users_end_a_membership(self):
        for user in (self._make_user("clerk", ""), self.salesperson):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.card.with_user(user).action_leave()
        self.assertEqual(self.card.member_state, "joined")

    def test_nobody_writes_the_facts_of_a_membership(self):
        gold = self.program.tier_ids[2]
        facts = {
            "member_state": "left",
            "member_number": "M000007",
            "joined_on": "1990-01-01",
            "tier_id": gold.id,
            "tier_since": "1990-01-01",
            "points_pending": 500,
            "terms_accepted_on": "1990-01-01 00:00:00",
        }
        for user in (self.salesperson, self.loyalty_user, self.manager):
            card = self.card.with_user(user)
            for name, value in facts.items():
                with (
                    self.subTest(user=user.login, field=name),
                    self.assertRaises(AccessError),
                ):
                    card.write({name: value})
        self.assertEqual(self.card.tier_id.name, "Bronze")

    def test_only_managers_write_points(self):
        for user in (self.salesperson, self.loyalty_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.card.with_user(user).write({"points": 500})
        self.card.with_user(self.manager).write({"points": 500})
        entry = self._entries()
        self.assertEqual((entry.entry_type, entry.points), ("adjust", 500))
        self.assertEqual(entry.posted_by_id, self.manager)

    def test_points_cannot_be_smuggled_in_by_the_programme(self):
        command = [Command.update(self.card.id, {"points": 500})]
        for user in (self.salesperson, self.loyalty_user):
            program = self.program.with_user(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                program.write({"coupon_ids": command})

    def test_nobody_makes_a_member_by_creating_a_card(self):
        boss = self._make_user("boss", "sales_team.group_sale_manager")
        vals = {"program_id": self.program.id, "partner_id": self._make_partner().id}
        for user in (boss, self.manager):
            cards = self.env["loyalty.card"].with_user(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                cards.create({**vals, "member_state": "joined"})

    def test_a_default_in_the_context_makes_no_member_either(self):
        cards = self.env["loyalty.card"].with_user(self.manager)
        vals = {"program_id": self.program.id, "partner_id": self._make_partner().id}
        card = cards.with_context(
            default_member_state="joined", default_points_pending=500
        ).create(vals)
        self.assertEqual((card.member_state, card.points_pending), ("none", 0))

    def test_a_salesperson_cannot_give_a_membership_to_somebody_else(self):
        self._buy(300)
        thief = self._make_partner("Theo Thief")
        for user in (self.salesperson, self.loyalty_user, self.manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.card.with_user(user).write({"partner_id": thief.id})
        self.assertEqual(self.card.partner_id, self.member)

    def test_a_card_with_a_ledger_stays_with_its_programme(self):
        for other in (self._make_program(), self._make_recorded_program()):
            with self.assertRaises(ValidationError):
                self.card.with_user(self.manager).write({"program_id": other.id})

    def test_a_plain_employee_sees_no_member_and_no_entry(self):
        clerk = self._make_user("clerk", "")
        self._post(5)
        for model in ("loyalty.card", "loyalty.ledger.entry", "loyalty.lot"):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(clerk).search([])

    def test_a_loyalty_user_sees_members_and_ledger(self):
        self._post(5)
        card = self.card.with_user(self.loyalty_user)
        self.assertEqual(card.entry_ids.points, 5)
        self.assertEqual(card.display_name, f"Mira Member ({card.member_number})")
