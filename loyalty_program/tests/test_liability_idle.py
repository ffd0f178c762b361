from datetime import date

from odoo.tests import freeze_time, tagged

from .common import NOW, LoyaltyCase
from odoo.addons.loyalty_program.models.loyalty_liability import AS_OF


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestLiabilityIdle(LoyaltyCase):
    """Points that inactivity ends are reported by the tiers that make them last."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._let_expire(12, "inactivity")
        cls.program.write({"tier_window": "rolling", "tier_window_months": 12})
        cls.gold = cls.program.tier_ids.filtered(lambda tier: tier.name == "Gold")
        cls.gold.extra_validity_months = 6

    def _get_day(self, account, as_of=None):
        """Return the last day that the report tells of an account's points."""
        # Of another day, a row has the same id and other facts.
        self.env.flush_all()
        self.env.invalidate_all()
        report = self.env["loyalty.liability"].with_context(
            **{AS_OF: as_of} if as_of else {}
        )
        (day,) = set(report.search([("card_id", "=", account.id)]).mapped("expires_on"))
        return day

    def _share(self, *cards):
        pool = self.env["loyalty.pool"]._make(self.program, "Home")
        for card in cards:
            pool._add(card, "backoffice")
        return pool.account_id

    def test_the_best_tier_of_a_pool_decides_as_it_does_at_night(self):
        other = self._make_member("Olga Other")
        self._buy(400)
        account = self._share(self.card, other)
        self.assertEqual(self.card.tier_id, self.gold)
        self.assertEqual(self._get_day(account), date(2027, 12, 30))
        self.assertEqual(self._get_day(account), other.expiring_on)

    def test_a_tier_that_was_lost_since_the_last_activity_counts(self):
        self._buy(400)
        self._run_nightly()
        with freeze_time("2027-11-05 10:00:00"):
            self._run_nightly()
            self._run_nightly()
            self.assertNotEqual(self.card.tier_id, self.gold)
            self.assertEqual(self._get_day(self.card), date(2027, 12, 30))

    def test_another_day_is_told_by_the_tiers_of_then(self):
        self._post(20, "earn")
        with freeze_time("2026-08-01 10:00:00"):
            self._buy(400)
            self.assertEqual(self._get_day(self.card), date(2028, 2, 1))
            self.assertEqual(self._get_day(self.card, "2026-07-15"), date(2027, 6, 30))
            self.assertEqual(self._get_day(self.card, "2026-08-01"), date(2028, 2, 1))

    def test_another_day_is_told_by_who_shared_on_it(self):
        other = self._make_member("Olga Other")
        account = self._share(self.card, other)
        self._post(20, "earn", card=other)
        self._buy(400, partner=other.partner_id)
        self.assertEqual(other.tier_id, self.gold)
        with freeze_time("2026-08-01 10:00:00"):
            other.pool_member_ids._leave()
            self.assertEqual(self._get_day(account), date(2027, 6, 30))
            self.assertEqual(self._get_day(account, "2026-07-15"), date(2027, 12, 30))
