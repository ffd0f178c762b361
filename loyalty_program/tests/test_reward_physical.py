from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .claim_common import ClaimCase
from .common import NOW


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRewardPhysical(ClaimCase):
    """A thing for points: claimed, then handed over by staff.

    Where there is a warehouse it is sent instead: ``loyalty_program_pos`` tests that.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mug = cls._make_product("Mug", type="consu")
        cls.gift = cls._make_reward(
            "physical", reward_product_id=cls.mug.id, reward_product_qty=2
        )
        cls._post(500, "bonus")
        cls._close_warehouses()

    def test_claimed_and_handed_over(self):
        claim = self._claim()
        self.assertEqual((claim.state, claim.product_id), ("requested", self.mug))
        self.assertEqual(claim._describe_given(), "2 × Mug")
        self.assertEqual(self.card.points, 400)
        self.assertTrue(claim.may_hand_over)
        self.assertEqual(self._find_waiting(), claim)
        claim.with_user(self.loyalty_user).action_hand_over()
        self.assertEqual(claim.state, "given")
        self.assertIn(
            f"Handed over by {self.loyalty_user.name}", " ".join(self._notes(claim))
        )
        self.assertFalse(self._find_waiting())
        with self.assertRaisesRegex(UserError, "not to be handed over"):
            claim.with_user(self.loyalty_user).action_hand_over()

    def _find_waiting(self):
        return self.env["loyalty.reward.claim"].search(
            [("kind", "=", "physical"), ("state", "=", "requested")]
        )

    def test_a_void_claim_gives_points_and_piece_back(self):
        self.gift.limit_total = 1
        claim = self._claim()
        with self.assertRaisesRegex(UserError, "have been claimed"):
            self._claim()
        claim.with_user(self.manager).action_void()
        self.assertEqual((self.card.points, self.gift.limit_left), (500, 1))
        with self.assertRaisesRegex(UserError, "not to be handed over"):
            claim.with_user(self.loyalty_user).action_hand_over()
        self.assert_balanced()

    def test_an_archived_product_is_refused_with_its_name(self):
        self.mug.active = False
        self.assertIn("“Mug” is not available", self.card._get_claim_refusal(self.gift))
        with self.assertRaisesRegex(UserError, "“Mug” is not available any more"):
            self._claim()
        self.assertEqual(self.card.points, 500)

    def test_what_was_promised_stays_when_the_reward_changes(self):
        claim = self._claim()
        self.gift.reward_product_id = self._make_product("Cup", type="consu")
        self.assertEqual(claim._describe_given(), "2 × Mug")
        self.assertIn("2 × Cup", self.gift._describe())

    def test_only_things_are_handed_over(self):
        for values in (
            {"reward_product_id": False},
            {"reward_product_id": self.product.id},
            {"reward_product_qty": 0},
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.gift.write(values)

    def test_staff_hand_over_and_others_do_not(self):
        claim = self._claim()
        with self.assertRaises(AccessError):
            claim.with_user(self.salesperson).action_hand_over()
        self.assertEqual(claim.state, "requested")
