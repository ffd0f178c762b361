from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import NOW
from .stamp_common import StampCase

FULL = "A full card takes no more stamps: claim its reward, and the next card begins."


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestPlainWords(StampCase):
    """Programmes, rules, rewards and tiers tell themselves in sentences."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.currency.write({"symbol": "€", "position": "after"})

    def _words(self, program=None, lang="en_US"):
        program = (program or self.program).with_context(lang=lang)
        program.invalidate_recordset(["words"])
        text = program.words.replace("\N{NO-BREAK SPACE}", " ")
        return text.replace("\N{NARROW NO-BREAK SPACE}", " ").split("\n")

    def test_the_template_reads_like_this(self):
        self.assertEqual(
            self._words(),
            [
                "Collect 1 point for every 1.00 € you spend.",
                "100 points = 5.00 € off.",
                "250 points = 15.00 € off.",
                "Bronze: from the start.",
                "Silver: with purchases of 100.00 € in 12 months.",
                "Gold: with purchases of 300.00 € in 12 months.",
                "Platinum: with purchases of 1,000.00 € in 12 months.",
            ],
        )

    def test_the_stamp_card_reads_like_this(self):
        self.stamps.stamp_surplus = "dropped"
        self.assertEqual(
            self._words(self.stamps),
            [
                "Collect 1 stamp for each of: Cup.",
                FULL,
                "9 stamps = 1 Cup for free.",
            ],
        )

    def test_coupons_say_how_long_they_last(self):
        first, second = self.program.reward_ids.sorted("required_points")
        first.write({"issues_coupon": True, "coupon_valid_days": 30})
        self.assertEqual(
            self._words()[3:5],
            [
                "A coupon is valid for 30 days. The last day counts as well.",
                "You get an e-mail 7 days before an unused coupon ends.",
            ],
        )
        second.write({"issues_coupon": True, "coupon_valid_days": 0})
        self.program.coupon_reminder_days = 0
        self.assertEqual(
            self._words()[3],
            "How long a coupon is valid depends on the reward: each shows its last "
            "day.",
        )
        first.coupon_valid_days = 0
        self.assertEqual(self._words()[3], "Coupons do not expire.")

    def test_a_coupon_says_how_long_it_may_be_used(self):
        coupon = self._make_coupon()
        for day, words in {
            False: None,
            "2026-06-30": "Today is the last day to use it.",
            "2026-07-01": "Tomorrow is the last day to use it.",
            "2026-07-07": "7 days left: 07/07/2026 is the last day to use it.",
            "2026-07-08": "Valid until 07/08/2026. The last day counts as well.",
        }.items():
            coupon.expiration_date = day
            self.assertEqual(coupon._describe_end(), words)

    def _make_coupon(self):
        reward = self.program.reward_ids[:1]
        reward.issues_coupon = True
        return self.env["loyalty.card"].create(
            {"program_id": reward.coupon_program_id.id, "points": 1}
        )

    def test_every_setting_has_its_sentence(self):
        self.program.write(
            {
                "hold_days": 14,
                "expiry_mode": "earning",
                "validity_count": 12,
                "earn_moment": "delivery",
                "order_cap": 500,
                "member_cap": 1000,
                "tier_metric_2": "orders",
                "spend_until": "2027-01-31",
            }
        )
        self.program.tier_ids[3].unlink()
        self.program.tier_ids[2].unlink()
        self.program.tier_ids[1].threshold_2 = 3
        self.program.rule_ids.write(
            {"minimum_amount": 10, "minimum_qty": 2, "code": "SECRET"}
        )
        words = self._words()
        self.assertEqual(
            words,
            [
                "Collect 1 point for every 1.00 € you spend.",
                "This counts from 10.00 € on.",
                "This counts from 2 pieces on.",
                "This counts with a code from us.",
                "A purchase brings 500 points at most.",
                "Your purchases of a month bring 1,000 points at most.",
                "100 points = 5.00 € off.",
                "250 points = 15.00 € off.",
                "You get your points when the goods are delivered.",
                "You can use your points after 14 days.",
                "Your points are valid for 12 months.",
                "The programme ends: use your points by 01/31/2027.",
                "Bronze: from the start.",
                "Silver: with purchases of 100.00 € and 3 orders in 12 months.",
            ],
        )
        self.assertNotIn("SECRET", "".join(words), "the code is not for everybody")

    def test_every_kind_of_rule_and_reward(self):
        names = ["Red", "Green", "Blue", "Black", "White"]
        products = self.env["product.product"].union(
            *(self._make_product(name) for name in names)
        )
        rule, reward = self.program.rule_ids, self.program.reward_ids[0]
        for values, sentence in (
            (
                {"reward_point_amount": 0.1},
                "Collect 1 point for every 10.00 € you spend.",
            ),
            (
                {"reward_point_amount": 1.5},
                "Collect 1.5 points for every 1.00 € you spend.",
            ),
            (
                {"reward_point_mode": "order", "reward_point_amount": 20},
                "Collect 20 points with every purchase.",
            ),
            ({"reward_point_mode": "unit"}, "Collect 20 points for each product."),
        ):
            with self.subTest(sentence=sentence):
                rule.write(values)
                self.assertEqual(rule._describe().replace("\xa0", " "), sentence)
        rule.product_ids = products
        self.assertEqual(
            rule._list_words(),
            ["Collect 20 points for each of: Red, Green, Blue and 2 more."],
        )
        rule.reward_point_mode = "order"
        self.assertEqual(
            rule._list_words()[1], "This counts for: Red, Green, Blue and 2 more."
        )
        for values, sentence in (
            (
                {"discount_mode": "percent", "discount": 10},
                "100 points = 10 % off.",
            ),
            (
                {"discount_max_amount": 30},
                "100 points = 10 % off, 30.00 € at most.",
            ),
            (
                {"discount_applicability": "cheapest", "discount_max_amount": 0},
                "100 points = 10 % off the cheapest product.",
            ),
            (
                {
                    "discount_applicability": "order",
                    "discount_mode": "per_point",
                    "discount": 0.05,
                },
                (
                    "1 point = 0.05 € off. You can use them from 100 points on. In "
                    "steps of 100 points."
                ),
            ),
            (
                {
                    "reward_type": "product",
                    "reward_product_id": self.cup.id,
                    "reward_product_qty": 2,
                },
                "100 points = 2 × Cup for free.",
            ),
            (
                {"clear_wallet": True},
                "All your points, 100 points at least = 2 × Cup for free.",
            ),
        ):
            with self.subTest(sentence=sentence):
                reward.write(values)
                self.assertEqual(reward._describe().replace("\xa0", " "), sentence)

    def test_one_is_no_plural(self):
        tier = self.program.tier_ids.sorted("threshold")[1]
        self.program.write({"tier_metric": "orders", "tier_window_months": 1})
        tier.threshold = 1
        self.assertEqual(tier._describe(), f"{tier.name}: with 1 order in a month.")
        self.program.tier_metric = "visits"
        tier.threshold = 2
        self.assertIn("with 2 days with a purchase in a month", tier._describe())
        self.program.tier_grace_days = 1
        self.assertIn(
            "Purchases of the day after that still count.",
            self.program._list_move_words(),
        )

    def test_what_is_for_some_says_for_whom(self):
        tiers = self.program.tier_ids.sorted("threshold")
        chosen = self.env["loyalty.segment"].create(
            {"name": "Chosen", "kind": "manual"}
        )
        cheap, dear = self.program.reward_ids.sorted("required_points")
        cheap.audience_tier_ids = tiers[2] | tiers[1]
        dear.audience_segment_ids = chosen
        self.program.rule_ids.write(
            {
                "audience_tier_ids": tiers[1].ids,
                "audience_segment_ids": chosen.ids,
                "audience_join": "all",
            }
        )
        self.program.audience_tier_ids = tiers[3]
        words = self._words()
        chosen_silver = "Only for customers whom we chose among these tiers: Silver."
        self.assertEqual(
            words[:4],
            [
                f"“{self.program.name}” is only for these tiers: Platinum.",
                f"Collect 1 point for every 1.00 € you spend. {chosen_silver}",
                "100 points = 5.00 € off. Only for these tiers: Silver, Gold.",
                "250 points = 15.00 € off. Only for customers whom we chose.",
            ],
        )
        self.assertNotIn("Chosen", "".join(words), "a segment's name is not told")
        dear.audience_tier_ids = tiers[3]
        self.assertIn(
            "Only for customers whom we chose and for these tiers: Platinum.",
            "".join(self._words()),
        )

    def test_who_cannot_have_a_reward_is_not_told_of_it(self):
        cheap, dear = self.program.reward_ids.sorted("required_points")
        dear.audience_tier_ids = self.program.tier_ids.sorted("threshold")[1]
        told = self.program._list_reward_words(self.card)
        self.assertEqual(told, [cheap._describe()])
        self.assertEqual(len(self.program._list_reward_words()), 2)

    def test_a_member_reads_the_price_of_the_tier(self):
        self.card.tier_id.benefit_ids = [
            Command.create({"kind": "cheaper_rewards", "points_off": 20})
        ]
        told = self.program._list_reward_words(self.card)[0].replace("\xa0", " ")
        self.assertEqual(told, "80 points instead of 100 points = 5.00 € off.")
        usual = self.program._list_reward_words()[0].replace("\xa0", " ")
        self.assertEqual(usual, "100 points = 5.00 € off.")

    def test_the_reader_reads_it_in_their_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.program.with_context(lang="fr_FR").write(
            {"portal_point_name": "points fidélité", "point_name_one": "point fidélité"}
        )
        self.program.tier_ids[3].with_context(lang="fr_FR").name = "Platine"
        words = self._words(lang="fr_FR")
        self.assertIn("1 point fidélité", words[0])
        self.assertIn("1,00 €", words[0])
        self.assertIn("100 points fidélité", words[1])
        self.assertIn("Platine", words[-1])
        self.assertIn("1 000,00 €", words[-1])

    def test_too_many_rules_are_said_to_be_too_many(self):
        self.assertFalse(self.program.complexity_hint)
        rule = {"reward_point_mode": "order", "reward_point_amount": 1}
        self.program.rule_ids = [Command.create(rule)] * 3
        self.assertIn("4 ways", self.program.complexity_hint)

    def test_a_loyalty_user_reads_the_words(self):
        program = self.program.with_user(self.loyalty_user)
        self.assertIn("100 points", program.words)
