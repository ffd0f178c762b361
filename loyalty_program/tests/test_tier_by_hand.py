from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestTierByHand(LoyaltyCase):
    """A manager gives a tier with a reason; the rules go on afterwards."""

    def _assign(self, name, user=None, **values):
        tier = self.program.tier_ids.filtered(lambda t: t.name == name)
        wizards = self.env["loyalty.tier.assign"].with_user(user or self.env.user)
        wizards.create(
            {
                "card_id": self.card.id,
                "tier_id": tier.id,
                "reason": "Opened our second shop",
                **values,
            }
        ).action_assign()

    def test_the_tier_lasts_to_its_day(self):
        self._assign("Gold", until="2026-12-31")
        self.assertEqual(self.card.tier_id.name, "Gold")
        change = self.card.tier_change_ids[0]
        self.assertEqual(
            (change.cause, change.reason), ("manual", "Opened our second shop")
        )
        with freeze_time("2026-12-31 10:00:00"):
            self._run_nightly()
            self.assertEqual(self.card.tier_id.name, "Gold")
        with freeze_time("2027-01-01 10:00:00"):
            self._run_nightly()
        self.assertEqual(self.card.tier_id.name, "Bronze")

    def test_a_locked_tier_does_not_rise(self):
        self._assign("Silver", until="2026-12-31", is_locked=True)
        self._buy(500)
        self.assertEqual(self.card.tier_id.name, "Silver")
        with freeze_time("2027-01-01 10:00:00"):
            self._run_nightly()
            self._buy(1)
        self.assertEqual(self.card.tier_id.name, "Gold")

    def test_an_open_one_rises(self):
        self._assign("Silver", until="2026-12-31")
        self._buy(500)
        self.assertEqual(self.card.tier_id.name, "Gold")

    def test_only_managers_give_tiers(self):
        user = new_test_user(
            self.env, "tier_user", groups="loyalty_program.group_loyalty_user"
        )
        with self.assertRaises(AccessError):
            self._assign("Gold", user=user)

    def test_a_past_day_an_empty_reason_and_a_foreign_tier_are_refused(self):
        with self.assertRaisesRegex(UserError, "has passed"):
            self._assign("Gold", until="2020-01-01")
        with self.assertRaisesRegex(UserError, "Say why"):
            self._assign("Gold", reason="  ")
        other = self.program.copy()
        with self.assertRaisesRegex(UserError, "no tier of this programme"):
            self._assign("Gold", tier_id=other.tier_ids[0].id)
        self.assertEqual(self.card.tier_id.name, "Bronze")
