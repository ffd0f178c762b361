from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestCompanies(LoyaltyCase):
    """Each company sees its own members, in its own time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other Ltd"})
        cls.other.partner_id.tz = "Asia/Tokyo"
        cls.program.company_id = cls.company
        cls.other_program = cls._make_program(company_id=cls.other.id)
        cls.other_card = cls._make_member("Mira Member", cls.other_program)
        cls.visitor = cls._make_manager_elsewhere(cls.other)
        cls._post(10)
        cls._post(20, card=cls.other_card)

    def _get_seen(self, model, field="card_id"):
        records = self.env[model].with_user(self.visitor).search([])
        return records.sudo()[field] if field else records.sudo()

    def test_a_user_sees_the_members_of_their_company_only(self):
        cards = self._get_seen("loyalty.card", None)
        self.assertIn(self.other_card, cards)
        self.assertNotIn(self.card, cards)
        with self.assertRaises(AccessError):
            self.card.with_user(self.visitor).read(["member_number"])

    def test_a_user_sees_the_entries_lots_and_moves_of_their_company_only(self):
        for model in ("loyalty.ledger.entry", "loyalty.lot", "loyalty.tier.change"):
            with self.subTest(model=model):
                self.assertEqual(self._get_seen(model), self.other_card)

    def test_a_user_sees_the_tiers_of_their_company_only(self):
        self.assertEqual(
            self._get_seen("loyalty.tier", "program_id"), self.other_program
        )

    def test_an_entry_belongs_to_the_company_of_its_programme(self):
        self.assertEqual(self._entries().company_id, self.company)
        entries = self._entries(card=self.other_card)
        self.assertEqual(entries.company_id, self.other)

    def test_nobody_enrols_for_another_company(self):
        wizard = self.env["loyalty.join"].with_user(self.visitor)
        with self.assertRaises(AccessError):
            wizard.create(
                {
                    "partner_id": self._make_partner().id,
                    "program_id": self.program.id,
                    "consent": True,
                }
            ).action_join()

    def test_the_same_moment_is_another_day_elsewhere(self):
        with freeze_time("2026-06-30 16:00:00"):
            here = self._post(1, "earn", counts_for_tier=True)
            there = self._post(1, "earn", self.other_card, counts_for_tier=True)
        self.assertEqual(here.tier_date, date(2026, 6, 30))
        self.assertEqual(there.tier_date, date(2026, 7, 1))

    def test_the_night_of_each_company_is_its_own(self):
        for card in (self.card, self.other_card):
            self._post(5, "earn", card, hold_days=1)
        with freeze_time("2026-06-30 15:30:00"):
            self._run_nightly()
        self.assertEqual((self.card.points, self.other_card.points), (10, 25))

    def test_an_order_of_one_company_earns_nothing_in_another(self):
        member = self.card.partner_id
        double = self.other_program._enrol(member, "backoffice", True)
        order = self._buy(100, partner=member)
        self.assertEqual(self._story(order), [("earn", 100)])
        self.assertFalse(self._entries(card=double))
