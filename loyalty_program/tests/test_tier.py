from datetime import date, datetime
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestTier(LoyaltyCase):
    """Members climb by what they buy, in the moment they buy it."""

    def test_the_tier_moves_up_with_the_purchase(self):
        self._buy(99.99)
        self.assertEqual(self.card.tier_id.name, "Bronze")
        self._buy(0.01)
        self.assertEqual(self.card.tier_id.name, "Silver")
        self._buy(900)
        self.assertEqual(self.card.tier_id.name, "Platinum")
        self.assertEqual(
            [(c.cause, c.to_tier_id.name) for c in self.card.tier_change_ids[::-1]],
            [("joined", "Bronze"), ("up", "Silver"), ("up", "Platinum")],
        )

    def test_gifts_lift_no_tier(self):
        self._post(5000, "bonus")
        self.assertEqual(self.card.tier_id.name, "Bronze")

    def test_a_redemption_costs_no_tier(self):
        self._buy(150)
        self._post(-150, "redeem")
        self.assertEqual(self.card.tier_id.name, "Silver")

    def test_a_cancelled_purchase_takes_its_tier_back(self):
        order = self._buy(350)
        self.assertEqual(self.card.tier_id.name, "Gold")
        order._action_cancel()
        self.assertEqual(self.card.tier_id.name, "Bronze")
        self.assertEqual(self.card._get_tier_facts()["value"], 0)

    def test_a_purchase_stops_counting_when_the_window_has_passed(self):
        self._buy(350)
        with freeze_time("2027-07-31 10:00:00"):
            self._run_nightly()
            self.assertEqual(self.card.tier_id.name, "Gold")
        with freeze_time("2027-08-01 10:00:00"):
            self._run_nightly()
        self.assertEqual(self.card.tier_id.name, "Bronze")
        self.assertEqual(self.card.tier_change_ids[0].cause, "down")

    def test_a_lifetime_window_never_forgets(self):
        self.program.tier_window = "lifetime"
        self._buy(350)
        with freeze_time("2046-07-01 10:00:00"):
            self._run_nightly()
        self.assertEqual(self.card.tier_id.name, "Gold")

    def test_a_tier_may_count_points(self):
        self.program.write({"tier_metric": "points"})
        self.program.rule_ids.reward_point_amount = 10
        self._buy(10)
        self.assertEqual(self.card.tier_id.name, "Silver")
        progress = self.card._get_tier_facts()
        self.assertEqual((progress["metric"], progress["value"]), ("points", 100))

    def test_progress_tells_what_is_missing(self):
        self._buy(150)
        self.assertEqual(
            self.card._get_tier_facts(),
            {
                "metric": "spend",
                "value": 150,
                "next_tier": self.program.tier_ids.sorted("threshold")[2],
                "threshold": 300,
                "missing": 150,
                "ratio": 0.5,
                "keep_until": date(2026, 7, 31),
                "keep_missing": 0,
                "amounts": [150],
                "keep_amounts": [0],
                "has_visited": True,
            },
        )
        self._buy(5000)
        progress = self.card._get_tier_facts()
        self.assertFalse(progress["next_tier"])
        self.assertEqual((progress["missing"], progress["ratio"]), (0, 1))

    def test_a_return_of_more_than_counts_leaves_the_first_tier(self):
        self._post(-5, "earn_reversal", base_amount=Decimal(-5), counts_for_tier=True)
        self.assertEqual(self.card.tier_id.name, "Bronze")
        self.assertEqual(self.card._get_tier_facts()["ratio"], 0)

    def test_history_counts_on_the_day_it_happened(self):
        self._post(
            400,
            "earn",
            base_amount=Decimal(400),
            counts_for_tier=True,
            occurred_at=datetime(1997, 1, 1, 12),
        )
        self.assertEqual(self.card.tier_id.name, "Bronze")

    def test_who_left_keeps_the_tier_and_does_not_climb(self):
        self._buy(150)
        self.card._leave()
        self._post(900, "earn", base_amount=Decimal(900), counts_for_tier=True)
        self.assertEqual(self.card.tier_id.name, "Silver")

    def test_a_changed_threshold_takes_effect_in_the_night(self):
        self._buy(150)
        self.program.tier_ids[2].threshold = 120
        self._run_nightly()
        self.assertEqual(self.card.tier_id.name, "Gold")

    def test_a_tier_with_members_is_not_deleted(self):
        with self.assertRaises(UserError):
            self.card.tier_id.unlink()
