from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .claim_common import ClaimCase
from .common import NOW


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestRewardClaim(ClaimCase):
    """A reward of the catalogue: claimed with points, voided, never on an order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cause = cls.env["loyalty.cause"].create({"name": "Trees"})
        cls.gift = cls._make_reward(
            "donation", cause_id=cls.cause.id, discount_mode="per_order", discount=5
        )
        cls._post(250, "bonus", expires_on=date(2026, 12, 31))

    def test_points_become_a_claim(self):
        claim = self._claim()
        self.assertEqual(self._story(), [("bonus", 250), ("redeem", -100)])
        self.assertEqual((claim.state, claim.points, claim.amount), ("given", 100, 5))
        self.assertEqual(claim.partner_id, self.member)
        self.assertEqual(claim.entry_ids, self._entries()[-1])
        self.assertIn("Claimed for 100 points", " ".join(self._notes(claim)))
        self.assert_balanced()

    def test_one_click_makes_one_claim(self):
        claim = self._claim(token="click")
        self.assertEqual(self._claim(token="click"), claim)
        self.assertEqual(self.card.points, 150)

    def test_a_void_claim_gives_the_points_back_as_they_were(self):
        claim = self._claim()
        claim.with_user(self.manager).action_void()
        self.assertEqual((claim.state, claim.voided_by_id), ("void", self.manager))
        self.assertEqual(self._story()[-1], ("redeem_reversal", 100))
        self.assertEqual(
            {day for day, _rest in self._open_lots()}, {date(2026, 12, 31)}
        )
        self.assert_balanced()
        with self.assertRaisesRegex(UserError, "void already"):
            claim.with_user(self.manager).action_void()
        self.assertEqual(self.card.points, 250)

    def test_in_bulk_what_is_void_already_is_told(self):
        first, second = self._claim(), self._claim()
        first._void()
        action = (first | second).with_user(self.manager).action_void()
        self.assertIn("1 of 2 rewards are void", action["params"]["message"])
        self.assertIn("void already", action["params"]["message"])
        self.assertEqual(self.card.points, 250)

    def test_voiding_is_a_right_and_claims_are_made_by_the_suite(self):
        claim = self._claim()
        for user in (self.salesperson, self.loyalty_user):
            with self.assertRaises(AccessError):
                claim.with_user(user).action_void()
        for user in (self.salesperson, self.loyalty_user, self.manager):
            with self.assertRaises(AccessError):
                claim.with_user(user).write({"state": "void"})
            with self.assertRaises(AccessError):
                claim.with_user(user).copy_data() and claim.with_user(user).create({})
        with self.assertRaises(UserError):
            claim.unlink()

    def test_limits_days_and_tier_prices_hold_as_for_every_reward(self):
        self.gift.limit_total = 1
        self._claim().with_user(self.manager).action_void()
        self._claim()
        with self.assertRaisesRegex(UserError, "have been claimed"):
            self._claim()
        self.gift.write({"limit_total": 0, "limit_member": 1})
        with self.assertRaisesRegex(UserError, "again. Once for each member."):
            self._claim()
        self.gift.write({"limit_member": 0, "claim_from": "2026-08-01"})
        with self.assertRaisesRegex(UserError, "on offer from"):
            self._claim()
        self.gift.claim_from = False
        self.env["loyalty.tier.benefit"].create(
            {
                "tier_id": self.card.tier_id.id,
                "kind": "cheaper_rewards",
                "points_off": 20,
            }
        )
        self.assertEqual(self._claim().points, 80)

    def test_what_cannot_be_claimed_says_why_and_takes_nothing(self):
        with self.assertRaisesRegex(UserError, "not on offer"):
            self.card._claim_reward(self.program.reward_ids[0], "backoffice")
        self._claim()
        self._claim()
        with self.assertRaisesRegex(UserError, "takes 100 points, 50 are missing"):
            self._claim()
        self.gift.required_points = 10
        self.gift.audience_tier_ids = self.program.tier_ids[-1]
        with self.assertRaisesRegex(UserError, "not on offer"):
            self._claim()
        self.gift.audience_tier_ids = False
        self.gift.active = False
        self.program.invalidate_recordset(["reward_ids"])
        with self.assertRaisesRegex(UserError, "not on offer"):
            self._claim()
        self.gift.active = True
        self.card._freeze("lost_phone")
        with self.assertRaisesRegex(UserError, "frozen"):
            self._claim()
        self.assertEqual(self.card.points, 50)
        self.assertEqual(self.card.claim_count, 2)

    def test_an_order_neither_offers_nor_takes_it(self):
        order = self._make_order(self.member, 100)
        order._update_programs_and_rewards()
        offered = order._get_claimable_rewards()[self.card]
        self.assertNotIn(self.gift, offered)
        self.assertIn(self.program.reward_ids.sorted("required_points")[0], offered)
        status = order._apply_program_reward(self.gift, self.card)
        self.assertIn("claimed from the catalogue", status["error"])
        self.assertFalse(order.order_line.reward_id)

    def test_a_loyalty_user_claims_on_the_members_form(self):
        wizard = Form(
            self.env["loyalty.reward.claim.make"]
            .with_user(self.loyalty_user)
            .with_context(default_card_id=self.card.id)
        )
        wizard.reward_id = self.gift
        self.assertEqual(wizard.points, 100)
        self.assertFalse(wizard.refusal)
        record = wizard.save()
        action = record.action_claim()
        self.assertEqual(record.action_claim()["res_id"], action["res_id"])
        self.assertEqual(self.card.points, 150)
        with self.assertRaises(AccessError):
            self.env["loyalty.reward.claim.make"].with_user(self.salesperson).create(
                {"card_id": self.card.id, "reward_id": self.gift.id}
            )

    def test_a_claimed_reward_stays_what_it_is(self):
        self._claim()
        with self.assertRaisesRegex(UserError, "stays what it is"):
            self.gift.reward_type = "discount"
        self.gift.unlink()
        self.assertFalse(self.gift.active)

    def test_only_programmes_for_members_have_a_catalogue(self):
        values = {"reward_type": "donation", "cause_id": self.cause.id, "discount": 1}
        recorded = self._make_recorded_program()
        with self.assertRaisesRegex(ValidationError, "only programmes for members"):
            recorded.reward_ids.write(values | {"discount_mode": "per_order"})
        with self.assertRaisesRegex(ValidationError, "no coupon"):
            self.gift.issues_coupon = True
