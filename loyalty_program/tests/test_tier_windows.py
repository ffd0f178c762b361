from datetime import date, datetime
from decimal import Decimal

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestTierWindows(LoyaltyCase):
    """What counts, over which time, and when a tier is lost."""

    def _set_rules(self, **values):
        """Set rules that hold from before the first purchase."""
        self.program.write(values)
        self._run_nightly()

    def _sleep_to(self, moment):
        with freeze_time(moment):
            self._run_nightly()

    def test_a_calendar_year_lasts_for_the_next_one_as_well(self):
        self._set_rules(tier_window="year")
        self._buy(350)
        self._sleep_to("2027-12-31 10:00:00")
        self.assertEqual(self.card.tier_id.name, "Gold")
        self._sleep_to("2028-01-01 10:00:00")
        self.assertEqual(self.card.tier_id.name, "Bronze")

    def test_staying_takes_what_the_tier_says(self):
        self._set_rules(tier_window="year")
        gold = self.program.tier_ids.filtered(lambda tier: tier.name == "Gold")
        gold.keep_threshold = 200
        self._buy(350)
        with freeze_time("2027-06-01 10:00:00"):
            self._buy(150)
            facts = self.card._get_tier_facts()
            self.assertEqual(facts["keep_missing"], 50)
            self.assertIn("50.00", self.card.tier_keep_missing)
            self.assertEqual(facts["keep_until"], date(2027, 12, 31))
            self._buy(50)
        self._sleep_to("2028-06-01 10:00:00")
        self.assertEqual(self.card.tier_id.name, "Gold")

    def test_one_step_at_a_time(self):
        self._set_rules(tier_window="year", tier_descent="one")
        self._buy(350)
        self._sleep_to("2028-01-01 10:00:00")
        self.assertEqual(self.card.tier_id.name, "Silver")
        self._sleep_to("2029-01-01 10:00:00")
        self.assertEqual(self.card.tier_id.name, "Bronze")

    def test_orders_and_days_with_a_purchase_may_count(self):
        self.program.write({"tier_metric": "orders"})
        self.program.tier_ids.sorted("threshold")[1].threshold = 2
        self._buy(10)
        refunded = self._buy(10)
        self.assertEqual(self.card.tier_id.name, "Silver")
        refunded._action_cancel()
        self.assertEqual(self.card.tier_id.name, "Bronze")
        self.program.write({"tier_metric": "visits"})
        self._buy(10)
        self.assertEqual(self.card._get_tier_facts()["value"], 1)

    def test_both_thresholds_or_one_of_them(self):
        self.program.write({"tier_metric_2": "orders", "tier_join": "all"})
        silver = self.program.tier_ids.sorted("threshold")[1]
        self.program.tier_ids.sorted("threshold")[1:].threshold_2 = 2
        self._buy(150)
        self.assertEqual(self.card.tier_id.name, "Bronze")
        facts = self.card._get_tier_facts()
        self.assertEqual((facts["metric"], facts["missing"]), ("orders", 1))
        self.assertEqual(self.card.tier_missing, "1 order")
        self._buy(1)
        self.assertEqual(self.card.tier_id, silver)

    def test_new_rules_take_nothing_before_the_period_ends(self):
        self._set_rules(tier_window="year")
        self._buy(350)
        self._run_nightly()
        self.program.tier_ids.sorted("threshold")[3].threshold = 2000
        self.program.tier_ids.sorted("threshold")[2].threshold = 400
        self._run_nightly()
        self.assertEqual(self.card.tier_id.name, "Gold")
        self.assertEqual(self.card.tier_change_ids[0].cause, "rules")
        self._sleep_to("2027-01-01 10:00:00")
        self.assertEqual(self.card.tier_id.name, "Silver")

    def test_a_night_without_anything_due_looks_at_nobody(self):
        self._run_nightly()
        self._run_nightly()
        rows = self.env.execute_query(self.program._query_due_members(10, []))
        self.assertFalse(rows)

    def test_a_ladder_goes_up(self):
        tiers = self.program.tier_ids.sorted("threshold")
        for values in (
            {"keep_threshold": 500},
            {"keep_threshold": -1},
            {"threshold_2": -5},
        ):
            with self.subTest(**values), self.assertRaises(ValidationError):
                tiers[1].write(values)
        self.program.tier_metric_2 = "orders"
        with self.assertRaises(ValidationError):
            tiers[1].threshold_2 = 5
        with self.assertRaises(ValidationError):
            self.program.tier_metric_2 = self.program.tier_metric

    def test_recomputing_from_the_ledger_gives_the_stored_tiers(self):
        self._set_rules(tier_window="year", tier_grace_days=20)
        others = [self._make_member(f"Member {number}") for number in range(3)]
        days = ["2026-07-15", "2026-12-30", "2027-01-10", "2027-08-01", "2028-01-15"]
        for turn, day in enumerate(days):
            with freeze_time(f"{day} 10:00:00"):
                for number, card in enumerate(others):
                    self._post(
                        10,
                        "earn",
                        card=card,
                        base_amount=Decimal(70 * (number + 1) * (turn % 3)),
                        counts_for_tier=True,
                        occurred_at=datetime.fromisoformat(f"{day} 09:00:00"),
                    )
                self._run_nightly()
                cards = self.card.concat(*others)
                for card, standing in self.program._replay_tiers(cards).items():
                    self.assertEqual(card.tier_id.id, standing.tier_id)
        self.assertGreater(len(others[2].tier_change_ids), 1)
