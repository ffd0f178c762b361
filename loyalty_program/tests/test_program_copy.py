from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestProgramCopy(LoyaltyCase):
    """A copy of a programme speaks of its own tiers, rewards and services."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bronze, cls.silver = cls.program.tier_ids.sorted("threshold")[:2]
        cls.small, cls.large = cls.program.reward_ids.sorted("required_points")

    def _copy(self):
        copy = self.program.copy()
        names = self.program.tier_ids.mapped("name")
        self.assertEqual(copy.tier_ids.mapped("name"), names)
        self.assertFalse(copy.tier_ids & self.program.tier_ids)
        return copy

    def test_a_benefit_names_the_rewards_of_the_copy(self):
        self.silver.benefit_ids = [
            Command.create(
                {
                    "kind": "cheaper_rewards",
                    "points_off": 20,
                    "cheaper_reward_ids": [Command.set(self.large.ids)],
                }
            )
        ]
        copy = self._copy()
        named = copy.tier_ids.benefit_ids.cheaper_reward_ids
        self.assertEqual(named, copy.reward_ids.sorted("required_points")[1])
        self.assertEqual(self.silver.benefit_ids.cheaper_reward_ids, self.large)

    def test_a_service_is_copied_with_its_benefit(self):
        tour = self.env["loyalty.entitlement"].create(
            {"name": "Tour", "program_id": self.program.id}
        )
        values = {"kind": "entitlement", "entitlement_id": tour.id}
        for tier in (self.bronze, self.silver):
            tier.benefit_ids = [Command.create(values)]
        copy = self._copy()
        service = copy.tier_ids.benefit_ids.entitlement_id
        self.assertEqual((service.name, service.program_id), ("Tour", copy))
        self.assertNotEqual(service, tour)

    def test_what_is_for_a_tier_is_for_that_of_the_copy(self):
        for record in (self.large, self.program.rule_ids):
            record.audience_tier_ids = self.silver
        copy = self._copy()
        silver = copy.tier_ids.sorted("threshold")[1]
        self.assertEqual(copy.rule_ids.audience_tier_ids, silver)
        self.assertEqual(copy.reward_ids.audience_tier_ids, silver)
        # A programme for another one's tier stays so.
        other = self._make_program(audience_tier_ids=[Command.set(self.silver.ids)])
        self.assertEqual(other.copy().audience_tier_ids, self.silver)

    def test_rewards_of_its_own_are_nobody_elses(self):
        self.silver.benefit_ids = [
            Command.create(
                {
                    "kind": "cheaper_rewards",
                    "points_off": 20,
                    "cheaper_reward_ids": [Command.set(self.large.ids)],
                }
            ),
            Command.create({"kind": "words", "note": "Coffee on us."}),
        ]
        self.large.audience_tier_ids = self.silver
        # As many as the programme has: they are others all the same.
        rewards = [
            Command.create({"discount": points, "required_points": points})
            for points in (7, 8)
        ]
        copy = self.program.copy({"reward_ids": rewards})
        self.assertEqual(copy.reward_ids.mapped("required_points"), [7, 8])
        self.assertFalse(copy.reward_ids.audience_tier_ids)
        self.assertEqual(copy.tier_ids.benefit_ids.mapped("kind"), ["words"])
