from datetime import datetime

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestRememberedRules(LoyaltyCase):
    """What is remembered of a programme is forgotten when somebody changes it."""

    def _earn(self, amount=100):
        (entry,) = self._entries(self._buy(amount))
        return entry.points

    def test_a_changed_rule_counts_at_once(self):
        self.assertEqual(self._earn(), 100)
        rule = self.program.rule_ids
        rule.reward_point_amount = 2
        self.assertEqual(self._earn(), 200)
        rule.product_ids = self._make_product("Another")
        self.assertEqual(self._earn(), 0)
        rule.product_ids = self.product
        rule.minimum_amount = 101
        self.assertEqual(self._earn(), 0)

    def test_a_new_rule_and_one_that_goes_count_at_once(self):
        self.assertEqual(self._earn(), 100)
        per_order = {"reward_point_mode": "order", "reward_point_amount": 7}
        self.program.rule_ids = [Command.create(per_order)]
        self.assertEqual(self._earn(), 107)
        self.program.rule_ids[0].active = False
        self.assertEqual(self._earn(), 7)
        self.program.with_context(active_test=False).rule_ids[0].active = True
        self.program.rule_ids[1].unlink()
        self.assertEqual(self._earn(), 100)

    def test_what_is_remembered_is_nobodys_view(self):
        """An archived rule stays out, whoever asked first and however."""
        self.program.rule_ids.active = False
        seeing = self.program.with_context(active_test=False)
        self.assertFalse(seeing._get_rule_facts())
        self.assertFalse(self._entries(self._buy(100)))

    def test_what_is_read_for_everybody_stays_with_nobody(self):
        rule = self.program.rule_ids
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        rule.product_ids = self._make_product("Theirs", company_id=elsewhere.id)
        self.env.invalidate_all()
        self.assertTrue(self.program._get_rule_facts()[0].domain)
        self.assertFalse(rule.with_user(self.salesperson).product_ids)

    def test_a_rule_for_what_is_archived_counts_for_nothing_else(self):
        another = self._make_product("Another")
        self.program.rule_ids.product_ids = another
        self.assertEqual(self._earn(), 0)
        another.active = False
        self.env.registry.clear_cache()
        self.env.invalidate_all()
        self.assertEqual(self._earn(), 0)

    def test_the_ladder_is_the_same_for_who_may_not_see_it(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        program = self._make_program(company_id=elsewhere.id)
        self.env.invalidate_all()
        # What a purchase reads for everybody lies in the transaction.
        program.fetch(["tier_metric", "tier_metric_2", "tier_window", "tier_join"])
        program.fetch(["tier_window_months", "tier_descent", "tier_grace_days"])
        seen = program.with_user(self.salesperson)
        self.assertEqual(len(seen._get_tier_policy().levels), 4)

    def test_a_changed_ladder_counts_at_the_next_purchase(self):
        self._buy(10)
        first, second = self.program.tier_ids.sorted("threshold")[:2]
        self.assertEqual(self.card.tier_id, first)
        second.write({"threshold": 15, "keep_threshold": 15})
        self._buy(10)
        self.assertEqual(self.card.tier_id, second)

    def test_a_changed_programme_counts_with_the_next_posting(self):
        self._post(5, "earn")
        self.env.invalidate_all()
        self.program.write({"points_scale": 1, "hold_days": 3})
        self.env.invalidate_all()
        self._post("0.5", "earn")
        self.assertEqual(self.card.points, 5.5)
        self.program.date_to = "2026-06-29"
        self.env.invalidate_all()
        with self.assertRaisesRegex(ValidationError, "is closed"):
            self._post(1, "earn")

    def test_the_day_follows_the_company_to_another_zone(self):
        late = datetime(2026, 6, 30, 23)
        self.assertEqual(str(self.program._get_local_date(late)), "2026-06-30")
        self.company.partner_id.tz = "Asia/Tokyo"
        self.assertEqual(str(self.program._get_local_date(late)), "2026-07-01")
        self.company.partner_id = self._make_partner("New seat", tz="UTC")
        self.assertEqual(str(self.program._get_local_date(late)), "2026-06-30")

    def test_who_stands_at_the_top_asks_the_ledger_nothing(self):
        self._buy(9000)
        top = self.program.tier_ids.sorted("threshold")[-1]
        self.assertEqual(self.card.tier_id, top)
        with self.assertQueryCount(0):
            self.assertFalse(self.program._filter_rising(self.card))
