from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestTierBadInput(LoyaltyCase):
    """What makes no sense is refused with a message, or has a stated rule."""

    def _night(self, moment):
        with freeze_time(moment):
            self._run_nightly()

    def test_two_tiers_never_start_at_the_same_threshold(self):
        tiers = self.program.tier_ids.sorted("threshold")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            tiers[1].threshold = tiers[2].threshold
            self.env.flush_all()

    def test_a_higher_tier_never_asks_for_less(self):
        tiers = self.program.tier_ids.sorted("threshold")
        tiers[1].keep_threshold = 90
        with self.assertRaisesRegex(ValidationError, "Gold.*cannot ask for less"):
            tiers[2].keep_threshold = 80

    def test_a_tier_with_members_stays_where_it_is(self):
        other = self._make_program(name="Other")
        bronze = self.card.tier_id
        with self.assertRaisesRegex(UserError, "has members"):
            bronze.unlink()
        with self.assertRaisesRegex(UserError, "stays with its programme"):
            bronze.program_id = other
        top = self.program.tier_ids.sorted("threshold")[-1]
        top.unlink()
        self.assertEqual(len(self.program.tier_ids), 3)

    def test_a_tier_of_another_company_cannot_be_given(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        other = self._make_program(name="Theirs", company_id=company.id)
        wizard = self.env["loyalty.tier.assign"].create(
            {
                "card_id": self.card.id,
                "tier_id": other.tier_ids[0].id,
                "reason": "A mistake",
            }
        )
        with self.assertRaisesRegex(UserError, "no tier of this programme"):
            wizard.action_assign()

    def test_a_shorter_window_takes_nothing_before_the_month_ends(self):
        self.program.tier_window = "lifetime"
        self._run_nightly()
        with freeze_time("2024-01-10 10:00:00"):
            self.card.sudo().joined_on = date(2024, 1, 1)
            self._buy(350)
        self.assertEqual(self.card.tier_id.name, "Gold")
        self.program.tier_window = "rolling"
        self._run_nightly()
        self.assertEqual(self.card.tier_id.name, "Gold")
        change = self.card.tier_change_ids[0]
        self.assertEqual((change.cause, change.until), ("rules", date(2026, 6, 30)))
        self._night("2026-07-01 10:00:00")
        self.assertEqual(self.card.tier_id.name, "Bronze")

    def test_a_window_changed_in_mid_year_counts_as_if_it_had_always_been(self):
        with freeze_time("2025-09-10 10:00:00"):
            self.card.sudo().joined_on = date(2025, 1, 1)
            self._buy(350)
        self.program.tier_window = "year"
        self._run_nightly()
        self.assertEqual(self.card.tier_id.name, "Gold")
        self.assertEqual(self.card.tier_review_on, date(2026, 12, 31))
        self._night("2027-01-01 10:00:00")
        self.assertEqual(self.card.tier_id.name, "Bronze")

    def test_a_member_who_comes_back_stands_where_the_purchases_lead(self):
        self.program.tier_window = "year"
        self._run_nightly()
        self._buy(350)
        self.card._leave()
        with freeze_time("2027-03-01 10:00:00"):
            self.program._enrol(self.member, "backoffice", True)
        self.assertEqual(self.card.tier_id.name, "Bronze")

    def test_a_programme_may_have_no_tiers(self):
        program = self._make_program(name="Plain", tier_ids=[Command.clear()])
        card = self._make_member("Nobody Special", program)
        self._post(10, "earn", card=card, counts_for_tier=True)
        self.assertFalse(card.tier_id)
        self.assertFalse(card._get_tier_facts()["next_tier"])
