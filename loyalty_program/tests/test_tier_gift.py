from decimal import Decimal

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestTierGift(LoyaltyCase):
    """Gifts on reaching a tier and every year in it, each of them once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tiers = cls.program.tier_ids.sorted("threshold")
        cls.bronze, cls.silver, cls.gold = cls.tiers[:3]
        cls.coupons = cls.env["loyalty.program"].create(
            {
                "name": "Five off",
                "program_type": "coupons",
                "trigger": "with_code",
                "applies_on": "current",
                "reward_ids": [Command.create({"discount": 5, "required_points": 1})],
            }
        )

    @classmethod
    def _make_gift(cls, kind="entry_gift", tier=None, **values):
        values = values or {"gift_points": 50}
        return cls.env["loyalty.tier.benefit"].create(
            {"tier_id": (tier or cls.silver).id, "kind": kind, **values}
        )

    def _bonuses(self, card=None):
        return [points for kind, points in self._story(card=card) if kind == "bonus"]

    def _assign(self, tier, card=None):
        card = card or self.card
        self.env["loyalty.tier.change"].create(
            {
                "card_id": card.id,
                "from_tier_id": card.tier_id.id,
                "to_tier_id": tier.id,
                "cause": "manual",
                "changed_on": self.program._get_local_date(),
                "reason": "A friend of the house.",
            }
        )
        card._refresh_tiers(allow_down=True)

    # === Reaching ===

    def test_reaching_the_tier_brings_the_gift_once(self):
        self._make_gift()
        self._buy(150)
        entry = self._entries()[-1]
        self.assertEqual((entry.entry_type, entry.points), ("bonus", 50))
        self.assertFalse(entry.tier_date)
        self.assertEqual(entry.breakdown_text, "A gift for reaching “Silver”.")
        self.assertEqual(self.card.points, 200)
        self._buy(20)
        self.assertEqual(self._bonuses(), [50])
        self.assert_balanced()

    def test_joining_reaches_the_first_tier(self):
        self._make_gift(tier=self.bronze, gift_points=10)
        card = self._make_member("Nora New")
        self.assertEqual(self._bonuses(card), [10])

    def test_gifts_that_would_lift_lift_nothing(self):
        # By points, with gifts that are larger than the way to the next tier.
        self.program.tier_metric = "points"
        for tier in self.tiers:
            self._make_gift(tier=tier, gift_points=5000)
        self._buy(100)
        self.assertEqual(self.card.tier_id, self.silver)
        self._run_nightly()
        self.assertEqual(self.card.tier_id, self.silver)
        self.assertEqual(self._bonuses(), [5000])

    def test_lost_and_reached_again_pays_once(self):
        self._make_gift()
        order = self._buy(150)
        order.sudo()._action_cancel()
        self.assertEqual(self.card.tier_id, self.bronze)
        self._buy(150)
        self.assertEqual(self.card.tier_id, self.silver)
        self.assertEqual(self._bonuses(), [50])

    def test_at_most_once_a_year_pays_again_in_another_year(self):
        self._make_gift(gift_points=50, gift_again="year")
        order = self._buy(150)
        order.sudo()._action_cancel()
        order = self._buy(150)
        self.assertEqual(self._bonuses(), [50])
        with freeze_time("2027-01-02 10:00:00"):
            order.sudo()._action_cancel()
            self._buy(150)
            self.assertEqual(self._bonuses(), [50, 50])

    def test_a_coupon_is_personal(self):
        self._make_gift(gift_program_id=self.coupons.id)
        self._buy(150)
        coupon = self.env["loyalty.gift"].search([]).coupon_id
        self.assertEqual(coupon.partner_id, self.member)
        self.assertEqual((coupon.program_id, coupon.points), (self.coupons, 1))
        other = self._make_order(self._make_partner())
        self.assertIn("error", other._try_apply_code(coupon.code))

    def test_a_tier_given_by_hand_brings_it_only_by_setting(self):
        gift = self._make_gift()
        self._assign(self.silver)
        self.assertEqual(self.card.tier_id, self.silver)
        self.assertFalse(self._bonuses())
        gift.gift_by_hand = True
        other = self._make_member("Olga Other")
        self._assign(self.silver, other)
        self.assertEqual(self._bonuses(other), [50])

    # === The night gives what nobody got ===

    def test_who_was_frozen_on_the_day_gets_it_afterwards(self):
        self._make_gift()
        card = self.card.sudo()
        self.program.frozen_earns = False
        card.member_state = "frozen"
        # A purchase of before the freeze, which arrives late.
        self._post(150, "earn", base_amount=Decimal(150), counts_for_tier=True)
        self.assertEqual(self.card.tier_id, self.silver)
        self._run_nightly()
        self.assertFalse(self._bonuses(), "frozen: it waits")
        card.member_state = "joined"
        for _night in range(2):
            self._run_nightly()
        self.assertEqual(self._bonuses(), [50])
        self.assert_balanced()

    def test_the_night_gives_nothing_again(self):
        gift = self._make_gift(gift_points=50, gift_again="year")
        order = self._buy(150)
        self._run_nightly()
        self.assertEqual(self._bonuses(), [50])
        with freeze_time("2027-01-02 10:00:00"):
            self._run_nightly()
            self.assertEqual(self._bonuses(), [50], "reached once, last year")
            gift.gift_again = "once"
            order.sudo()._action_cancel()
            self._buy(150)
            self._run_nightly()
            self.assertEqual(self._bonuses(), [50, 50], "another promise, one more")
            self._run_nightly()
        self.assertEqual(self._bonuses(), [50, 50])

    def test_a_gift_that_is_new_is_not_owed_for_the_past(self):
        self._buy(150)
        gift = self._make_gift()
        # SQL: a moment after the move, which tests have in one transaction.
        self.env.cr.execute(
            "UPDATE loyalty_tier_benefit SET create_date = create_date"
            " + INTERVAL '1 second' WHERE id = %s",
            [gift.id],
        )
        self.env.invalidate_all()
        self._run_nightly()
        self.assertFalse(self._bonuses())

    def test_who_came_from_above_is_owed_nothing(self):
        order = self._buy(500)
        self._make_gift()
        self._buy(150)
        order.sudo()._action_cancel()
        self.assertEqual(self.card.tier_id, self.silver)
        self._run_nightly()
        self.assertFalse(self._bonuses())

    # === Every year ===

    def test_every_year_brings_one(self):
        self._make_gift("yearly_gift", gift_points=30)
        self._buy(150)
        for _night in range(2):
            self._run_nightly()
        self.assertEqual(self._bonuses(), [30])
        with freeze_time("2027-01-01 03:00:00"):
            self._run_nightly()
            self._run_nightly()
        self.assertEqual(self._bonuses(), [30, 30])

    def test_a_year_in_a_tier_given_by_hand(self):
        gift = self._make_gift("yearly_gift", gift_points=30)
        self._assign(self.silver)
        self._run_nightly()
        self.assertFalse(self._bonuses())
        gift.gift_by_hand = True
        self._run_nightly()
        self.assertEqual(self._bonuses(), [30])

    def test_who_is_frozen_gets_none_now(self):
        self._make_gift("yearly_gift", gift_points=30)
        self._buy(150)
        self.card.sudo().member_state = "frozen"
        self._run_nightly()
        self.assertFalse(self._bonuses())

    # === Words, rights, bad input ===

    def test_the_customer_reads_it(self):
        self._make_gift()
        self._make_gift("yearly_gift", gift_program_id=self.coupons.id)
        self._make_gift("birthday_gift", gift_points=7, gift_program_id=self.coupons.id)
        self.assertEqual(
            self.silver.benefit_words.splitlines(),
            [
                "A gift when you reach it: 50 points.",
                "A gift every year: “Five off”.",
                "A gift for your birthday: 7 points and “Five off”.",
            ],
        )

    def test_a_gift_is_something_of_the_right_kind(self):
        for values in (
            {"gift_points": 0},
            {"gift_points": -5},
            {"gift_points": 1.5},
            {"gift_program_id": self.program.id},
        ):
            with self.assertRaises(ValidationError):
                self._make_gift(**values)

    def test_gifts_are_read_by_loyalty_users_and_written_by_nobody(self):
        self._make_gift()
        self._buy(150)
        gift = self.env["loyalty.gift"].search([("card_id", "=", self.card.id)])
        self.assertEqual(gift.with_user(self.loyalty_user).points, 50)
        with self.assertRaises(AccessError):
            gift.with_user(self.salesperson).read(["points"])
        for user in (self.loyalty_user, self.manager):
            with self.assertRaises(AccessError):
                gift.with_user(user).points = 1
