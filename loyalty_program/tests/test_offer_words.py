from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import NOW, LoyaltyCase


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestOfferWords(LoyaltyCase):
    """What Odoo's own kinds of programmes tell a customer, without their points."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.currency.write({"symbol": "€", "position": "after"})
        cls.cup = cls._make_product("Cup")
        cls.mug = cls._make_product("Mug")

    def _make(self, kind, rule=None, reward=None, **values):
        """Return a programme as Odoo's template makes it, changed where said."""
        programs = self.env["loyalty.program"]
        program = programs.create(programs._get_template_values()[kind])
        program.currency_id = self.currency
        # Addons of Odoo's change the templates: delivery gives free delivery.
        program.reward_ids[1:].unlink()
        if kind != "buy_x_get_y":
            program.reward_ids.write({"reward_type": "discount"})
        program.rule_ids.write(rule or {})
        program.reward_ids.write(reward or {})
        program.write(values)
        return program

    def _words(self, program, lang="en_US"):
        program = program.with_context(lang=lang)
        program.invalidate_recordset(["words"])
        text = program.words.replace("\N{NO-BREAK SPACE}", " ")
        return text.replace("\N{NARROW NO-BREAK SPACE}", " ").split("\n")

    def _assert_words(self, program, *sentences):
        self.assertEqual(self._words(program), list(sentences))

    def test_a_promotion(self):
        self._assert_words(
            self._make("promotion"),
            "You get: 10 % off.",
            "This counts from 50.00 € on.",
        )

    def test_a_code_is_not_told(self):
        program = self._make(
            "promo_code", reward={"discount_product_ids": [Command.set(self.cup.ids)]}
        )
        program.rule_ids.code = "SECRET"
        self._assert_words(
            program, "With a code from us you get: 10 % off these products: Cup."
        )

    def test_coupons(self):
        self._assert_words(self._make("coupons"), "With a coupon you get: 10 % off.")

    def test_a_coupon_for_a_later_order(self):
        self._assert_words(
            self._make("next_order_coupons"),
            "You get a coupon for a later order: 15 % off.",
            "This counts from 100.00 € on.",
        )

    def test_buy_some_and_get_one(self):
        program = self._make(
            "buy_x_get_y",
            {"product_ids": [Command.set(self.cup.ids)]},
            {"reward_product_id": self.mug.id},
        )
        self._assert_words(
            program,
            "For every 2 × Cup you get: 1 Mug for free.",
            "This counts from 2 pieces on.",
        )
        program.rule_ids.product_ids += self.mug
        self.assertEqual(
            self._words(program)[0],
            "For every 2 of these (Cup, Mug) you get: 1 Mug for free.",
        )
        program.rule_ids.product_ids = False
        self.assertEqual(
            self._words(program)[0], "For every 2 products you get: 1 Mug for free."
        )
        program.reward_ids.required_points = 1
        self.assertEqual(
            self._words(program)[0], "For every product you get: 1 Mug for free."
        )

    def test_money_on_a_card(self):
        self._assert_words(
            self._make("gift_card", {"product_ids": [Command.set(self.cup.ids)]}),
            "A gift card is bought as: Cup.",
            "Each 1.00 € on the card pays 1.00 € of an order, until it is used up.",
        )
        self._assert_words(
            self._make("ewallet", {"product_ids": [Command.set(self.cup.ids)]}),
            "You fill your eWallet with: Cup.",
            "Each 1.00 € in your eWallet pays 1.00 € of an order.",
        )

    def test_points_of_odoos_own_template(self):
        self._assert_words(
            self._make("loyalty", reward={"discount": 5}),
            "Collect 1 Loyalty point for every 1.00 € you spend.",
            "200 Loyalty points = 5 % off.",
        )

    def test_conditions_of_an_offer(self):
        program = self._make(
            "promotion",
            {
                "minimum_amount_tax_mode": "excl",
                "minimum_qty": 3,
                "product_ids": [Command.set((self.cup | self.mug).ids)],
            },
            {"discount_max_amount": 20},
            date_from="2026-07-01",
            date_to="2026-07-31",
            limit_usage=True,
            max_usage=1000,
        )
        self._assert_words(
            program,
            "You get: 10 % off, 20.00 € at most.",
            "This counts for: Cup, Mug.",
            "This counts from 50.00 € on, without taxes.",
            "This counts from 3 pieces on.",
            "This is from 07/01/2026 to 07/31/2026.",
            "Only the first 1,000 orders get it.",
        )
        program.write({"date_to": False, "max_usage": 1})
        self.assertEqual(
            self._words(program)[-2:],
            ["This begins on 07/01/2026.", "Only one order gets it: the first."],
        )

    def test_free_products_to_choose_from(self):
        tag = self.env["product.tag"].create({"name": "Gifts"})
        (self.cup | self.mug).product_tag_ids = tag
        program = self._make(
            "promotion",
            reward={"reward_type": "product", "reward_product_tag_id": tag.id},
        )
        self.assertEqual(
            self._words(program)[0], "You get: one of these for free: Cup, Mug."
        )

    def test_many_ways_to_an_offer_are_said_to_be_too_many(self):
        program = self._make("promotion")
        self.assertFalse(program.complexity_hint)
        program.rule_ids = [Command.create({"minimum_qty": n}) for n in range(1, 4)]
        self.assertIn("4 ways", program.complexity_hint)
        self.assertNotIn("Members", program.complexity_hint)

    def test_the_reader_reads_it_in_their_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.cup.with_context(lang="fr_FR").name = "Tasse"
        program = self._make(
            "buy_x_get_y",
            {"product_ids": [Command.set(self.mug.ids)]},
            {"reward_product_id": self.cup.id},
        )
        self.assertIn("Tasse", self._words(program, "fr_FR")[0])
        self.assertIn("Cup", self._words(program)[0])


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestRewardLimitWords(LoyaltyCase):
    """What stands against a claim is told with the reward."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.currency.write({"symbol": "€", "position": "after"})
        cls.cheap, cls.dear = cls.program.reward_ids.sorted("required_points")

    def _told(self):
        text = self.program._list_reward_words()[0]
        return text.replace("\N{NO-BREAK SPACE}", " ")

    def test_limits_dates_and_groups(self):
        group = self.env["loyalty.reward.group"].create({"name": "One"})
        (self.cheap | self.dear).exclusion_group_ids = group
        self.cheap.write(
            {
                "claim_from": "2026-07-01",
                "claim_to": "2026-07-31",
                "limit_member": 1,
                "limit_period": "month",
                "limit_total": 1000,
                "issues_coupon": True,
            }
        )
        self.assertEqual(
            self._told(),
            "100 points = 5.00 € off. You get it as a coupon. On offer from 07/01/2026 "
            "to 07/31/2026. Once a month for each member. There are 1,000 in all. Not "
            "in one order with: 15.00 € off.",
        )
        self.cheap.write({"claim_from": False, "limit_member": 3})
        self.assertIn("On offer until 07/31/2026. 3 times a month", self._told())

    def test_the_choice_of_points_is_told_in_full(self):
        self.cheap.write(
            {
                "discount_mode": "per_point",
                "discount": 0.05,
                "required_points": 1,
                "choice_minimum": 50,
                "choice_step": 10,
                "choice_maximum": 500,
            }
        )
        self.assertEqual(
            self._told(),
            "1 point = 0.05 € off. You can use them from 50 points on. In steps of 10 "
            "points. One order takes 500 points at most.",
        )
        self.cheap.write({"choice_minimum": 0, "choice_step": 0, "choice_maximum": 0})
        self.assertEqual(self._told(), "1 point = 0.05 € off.")
