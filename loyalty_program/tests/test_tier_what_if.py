from decimal import Decimal

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestTierWhatIf(LoyaltyCase):
    """Other thresholds on the real purchases, before anything is saved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bronze, cls.silver, cls.gold, cls.top = cls.program.tier_ids.sorted(
            "threshold"
        )
        cls.program.point_value = 0.1
        cls.others = [cls._make_member(f"Member {number}") for number in range(3)]
        for card, amount in zip(cls.others, (120, 350, 50), strict=True):
            cls._post(
                amount,
                "earn",
                card=card,
                base_amount=Decimal(amount),
                counts_for_tier=True,
            )

    def _open(self, user=None, **thresholds):
        """Return the wizard with other thresholds, by the name of the tier."""
        wizard = (
            self.env["loyalty.tier.what.if"]
            .with_user(user or self.manager)
            .with_context(default_program_id=self.program.id)
            .create({})
        )
        for line in wizard.line_ids:
            if line.tier_id.name in thresholds:
                line.threshold = thresholds[line.tier_id.name]
                line.keep_threshold = line.threshold
        return wizard

    def _members(self, wizard, field="member_count_then"):
        return {line.tier_id.name: line[field] for line in wizard.line_ids}

    def test_it_counts_and_names_who_moves(self):
        wizard = self._open(Silver=150)
        wizard.action_count()
        self.assertEqual(
            self._members(wizard, "member_count_now"),
            {"Bronze": 2, "Silver": 1, "Gold": 1, "Platinum": 0},
        )
        self.assertEqual(
            self._members(wizard),
            {"Bronze": 3, "Silver": 0, "Gold": 1, "Platinum": 0},
        )
        self.assertEqual((wizard.up_count, wizard.down_count), (0, 1))
        move = wizard.move_ids
        self.assertEqual(move.card_id, self.others[0])
        self.assertEqual(
            (move.from_tier_id, move.to_tier_id, move.direction, move.revenue),
            (self.silver, self.bronze, "down", 120),
        )
        self.assertIn("Nobody reaches “Platinum”", wizard.warning)

    def test_it_tells_what_the_benefits_would_have_cost(self):
        self.gold.benefit_ids = [Command.create({"kind": "multiplier", "factor": 1.5})]
        self.silver.benefit_ids = [Command.create({"kind": "discount", "discount": 5})]
        wizard = self._open()
        wizard.action_count()
        # 350 points, half as many again, at 0.1 each; 5 % of 120.
        self.assertAlmostEqual(wizard.cost, 17.5 + 6)

    def test_it_warns_when_nearly_everybody_gets_in(self):
        self.card.sudo()._leave()
        wizard = self._open(Silver=1)
        wizard.action_count()
        self.assertIn("Nearly everybody reaches “Silver”: 3 of 3", wizard.warning)

    def test_nothing_is_saved_before_it_is_applied(self):
        wizard = self._open(Silver=300, Gold=1000, Platinum=2000)
        wizard.action_count()
        self.assertEqual(self.silver.threshold, 100)
        wizard.action_apply()
        self.assertEqual(
            self.program.tier_ids.sorted("threshold").mapped("threshold"),
            [0, 300, 1000, 2000],
        )
        self.assertEqual(self.gold.keep_threshold, 1000)
        self.assertTrue(self.program.tier_recheck)

    def test_a_ladder_that_does_not_go_up_is_refused(self):
        for thresholds in ({"Silver": 300}, {"Silver": -1}):
            wizard = self._open(**thresholds)
            with self.subTest(thresholds), self.assertRaises(ValidationError):
                wizard.action_count()
            with self.subTest(thresholds), self.assertRaises(ValidationError):
                wizard.action_apply()
        wizard = self._open()
        wizard.line_ids[1].keep_threshold = 200
        with self.assertRaises(ValidationError):
            wizard.action_count()

    def test_only_managers_try(self):
        with self.assertRaises(AccessError):
            self._open(user=self.loyalty_user)

    def test_the_board_adds_up_the_revenue_of_the_window(self):
        self.program.with_user(self.loyalty_user).action_view_tier_board()
        groups = dict(
            self.env["loyalty.card"]
            .with_user(self.loyalty_user)
            ._read_group(
                [("program_id", "=", self.program.id)],
                ["tier_id"],
                ["tier_revenue:sum"],
            )
        )
        self.assertEqual(groups, {self.bronze: 50, self.silver: 120, self.gold: 350})
        sums = (
            self.env["loyalty.card"]
            .with_user(self.loyalty_user)
            .read_progress_bar(
                [("program_id", "=", self.program.id)],
                "tier_id",
                {"field": "member_state", "colors": {"joined": "success"}},
            )
        )
        self.assertEqual(sums[str(self.gold.id)], {"joined": 1})
        grouped = (
            self.env["loyalty.card"]
            .with_user(self.loyalty_user)
            .formatted_read_group(
                [("program_id", "=", self.program.id)],
                ["tier_id"],
                ["tier_revenue:sum", "currency_id:array_agg_distinct"],
            )
        )
        self.assertEqual(
            [group["currency_id:array_agg_distinct"] for group in grouped],
            [self.program.currency_id.ids] * 3,
            "the board knows in which currency it adds up",
        )
        named = self.gold.with_context(loyalty_board=True)
        self.assertEqual(named.display_name, "Gold (1)")
        tiers = self.env["loyalty.card"].with_context(
            loyalty_board_program_id=self.program.id
        )
        self.assertEqual(
            tiers._read_group_tiers(self.gold, []),
            self.program.tier_ids.sorted("threshold"),
        )
