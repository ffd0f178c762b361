import random

from odoo.fields import Command
from odoo.tests import tagged

from .promotion_common import PromotionCase

#: Random shops and, in each, random carts.
SEEDS = 2
CARTS = 4
PROGRAMS = 30


@tagged("post_install", "-at_install")
class TestPromotionsAgree(PromotionCase):
    """What an order may claim, and all that follows, is what Odoo says without us."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        cls.other_company = env["res.company"].create({"name": "Elsewhere"})
        cls.top = env["product.category"].create({"name": "Music"})
        cls.below = env["product.category"].create(
            {"name": "Vinyl", "parent_id": cls.top.id}
        )
        cls.tags = env["product.tag"].create([{"name": "New"}, {"name": "Rare"}])
        cls.tax = env["account.tax"].create({"name": "VAT", "amount": 21})
        cls.goods = env["product.product"].create(
            [
                {
                    "name": f"Product {number}",
                    "type": "service",
                    "list_price": 7.35 * (number + 1),
                    "taxes_id": [Command.set(cls.tax.ids if number % 2 else [])],
                    "categ_id": (cls.top, cls.below, env["product.category"])[
                        number % 3
                    ].id,
                    "product_tag_ids": [Command.set(cls.tags[: number % 3].ids)],
                }
                for number in range(6)
            ]
        )
        cls.archived = cls._make_product("Sold out", active=False)
        cls.elsewhere = cls._make_product("Not here", company_id=cls.other_company.id)
        cls.foreign = env["res.currency"].create(
            {
                "name": "XLP",
                "symbol": "x",
                "rounding": 0.05,
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 3})],
            }
        )
        cls.pricelists = env["product.pricelist"].create(
            [
                {"name": "Own", "currency_id": cls.currency.id},
                {"name": "Foreign", "currency_id": cls.foreign.id},
            ]
        )

    # === A random shop ===

    def _draw_rule(self, draw, number, with_code):
        every = self.goods | self.archived | self.elsewhere
        rule = {
            "minimum_qty": draw.choice([0, 1, 1, 2, 5]),
            "minimum_amount": draw.choice([0, 0, 14.7, 50, 400]),
            "minimum_amount_tax_mode": draw.choice(["incl", "excl"]),
            "reward_point_mode": draw.choice(["order", "money", "unit"]),
            "reward_point_amount": draw.choice([1, 0.5, 40]),
        }
        if draw.random() < 0.5:
            products = draw.sample(list(every), draw.choice([1, 1, 2]))
            if draw.random() < 0.2:
                products = [draw.choice([self.archived, self.elsewhere])]
            rule["product_ids"] = [Command.set([product.id for product in products])]
        if draw.random() < 0.25:
            rule["product_category_id"] = draw.choice([self.top, self.below]).id
        if draw.random() < 0.25:
            rule["product_tag_id"] = draw.choice(list(self.tags)).id
        if draw.random() < 0.25:
            rule["product_domain"] = draw.choice(
                ['[["list_price", ">", 20]]', '[["name", "ilike", "2"]]']
            )
        if with_code:
            rule["code"] = f"CODE{number}"
        return rule

    def _draw_reward(self, draw):
        if draw.random() < 0.3:
            return {
                "reward_type": "product",
                "reward_product_id": draw.choice(list(self.goods)).id,
                "required_points": draw.choice([1, 2]),
            }
        return {
            "reward_type": "discount",
            "discount": draw.choice([5, 10, 30]),
            "discount_mode": draw.choice(["percent", "percent", "per_order"]),
            "discount_applicability": draw.choice(["order", "order", "cheapest"]),
            "required_points": draw.choice([1, 3]),
        }

    def _draw_program(self, draw, number):
        programs = self.env["loyalty.program"]
        kinds = programs._fields["program_type"].get_values(self.env)
        kind = draw.choice([*kinds, "promotion", "promotion", "buy_x_get_y"])
        # How an order comes to a programme of its kind, Odoo says.
        usual = programs._program_type_default_values()[kind]
        rules = [
            Command.create(
                self._draw_rule(draw, f"{number}-{part}", kind == "promo_code")
            )
            for part in range(draw.choice([1, 1, 2]))
        ]
        values = {
            "name": f"{kind} {number}",
            "sequence": number,
            "program_type": kind,
            "trigger": usual["trigger"],
            "applies_on": usual["applies_on"],
            "sale_ok": draw.random() < 0.9,
            "date_from": draw.choice([False, False, "2026-01-01", "2026-07-15"]),
            "date_to": draw.choice([False, False, "2026-07-31", "2026-07-20"]),
            "company_id": draw.choice([self.company.id, self.company.id, False]),
            "currency_id": self.currency.id,
            "rule_ids": [Command.clear(), *rules],
            "reward_ids": [Command.clear(), Command.create(self._draw_reward(draw))],
        }
        if values["date_from"] == "2026-07-15":
            values["date_to"] = False
        if draw.random() < 0.2:
            values["pricelist_ids"] = [Command.set(self.pricelists[0].ids)]
        if draw.random() < 0.2:
            values |= {"limit_usage": True, "max_usage": draw.choice([1, 50])}
        if draw.random() < 0.1:
            values["company_id"] = self.other_company.id
            values["currency_id"] = self.other_company.currency_id.id
            values["pricelist_ids"] = False
        return programs.create(values)

    def _draw_shop(self, draw):
        self.program.active = draw.random() < 0.5
        programs = self.env["loyalty.program"].union(
            *(self._draw_program(draw, number) for number in range(PROGRAMS))
        )
        for program in programs.filtered(
            lambda program: program.program_type in ("coupons", "loyalty", "ewallet")
        ):
            self._make_card(program, draw.choice([2, 60]), partner_id=self.member.id)
        return programs

    def _draw_line(self, draw):
        return {
            "product_id": draw.choice(list(self.goods)).id,
            "product_uom_qty": draw.choice([1, 2, 3.5]),
            "discount": draw.choice([0, 0, 20]),
        }

    def _draw_cart(self, draw):
        lines = [self._draw_line(draw) for _line in range(draw.choice([1, 2, 5]))]
        order = self.env["sale.order"].create(
            {
                "partner_id": self.member.id,
                "user_id": self.salesperson.id,
                "pricelist_id": draw.choice([False, *self.pricelists.ids]),
                "order_line": [Command.create(line) for line in lines],
            }
        )
        return order if draw.random() < 0.3 else order.with_user(self.salesperson)

    # === A random purchase, told ===

    def _tell(self, order):
        """Return all that the promotions left on the order, without ids of its own."""
        order.invalidate_recordset()
        points = order.sudo().coupon_point_ids
        cards = points.coupon_id | order.sudo().order_line.coupon_id
        return {
            "points": sorted(
                (p.coupon_id.program_id.id, p.points, p.coupon_id.partner_id.id)
                for p in points
            ),
            "cards": sorted(
                (card.program_id.id, card.points, card.order_id.id, card.active)
                for card in cards
            ),
            "applied": sorted(order.applied_coupon_ids.ids),
            "rules": sorted(order.code_enabled_rule_ids.ids),
            "lines": [
                (line.product_id.id, line.reward_id.id, line.points_cost)
                + (line.product_uom_qty, line.price_unit, line.price_total)
                for line in order.order_line
            ],
            "claimable": [
                (card.program_id.id, rewards.ids)
                + (order._get_real_points_for_coupon(card),)
                for card, rewards in self._order(order._get_claimable_rewards())
            ],
        }

    def _order(self, rewards):
        """Return (card, rewards) in an order that does not follow from new ids."""
        return sorted(
            rewards.items(),
            key=lambda pair: (pair[0].program_id.id, pair[0].order_id.id, pair[0].id),
        )

    def _buy_at_random(self, order, programs, seed):
        """Return the story of a purchase whose every turn follows from ``seed``."""
        draw = random.Random(seed)
        story = []
        order._update_programs_and_rewards()
        story.append(self._tell(order))
        for _claim in range(3):
            if offered := self._order(order._get_claimable_rewards()):
                card, rewards = draw.choice(offered)
                story.append(order._apply_program_reward(rewards[0], card))
                order._update_programs_and_rewards()
                story.append(self._tell(order))
        codes = programs.rule_ids.filtered("code").mapped("code")
        for code in draw.sample(codes, min(2, len(codes))):
            status = order._try_apply_code(code)
            story.append(status.get("error", len(status)))
        order.order_line = [
            Command.update(order.order_line[0].id, {"product_uom_qty": 6}),
            Command.create(self._draw_line(draw)),
        ]
        order._update_programs_and_rewards()
        story.append(self._tell(order))
        order.action_confirm()
        story.append(self._tell(order))
        history = self.env["loyalty.history"].search([("order_id", "=", order.id)])
        cards = history.card_id.exists()
        story.append(
            sorted((h.card_id.program_id.id, h.issued, h.used) for h in history)
        )
        story.append(sorted((card.program_id.id, card.points) for card in cards))
        return story

    def _undone(self, act):
        """Return what ``act()`` tells, and undo it."""
        savepoint = self.env.cr.savepoint()
        try:
            self.env.flush_all()
            return act()
        finally:
            self.env.clear()
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def _compare(self, order, programs, key):
        """Compare a random purchase with the same one in Odoo.

        :return: how many automatic programmes were asked, and were left out, and how
            many claims were offered at first
        """
        self.env.flush_all()
        self.env.invalidate_all()
        automatic = self._get_automatic(order)
        fitting = automatic.browse(order._get_fitting_program_ids(automatic))
        status = order._program_check_compute_points(automatic)
        kept = automatic.filtered(lambda program: "error" not in status[program])
        self.assertLessEqual(kept, fitting, key)
        ours = self._undone(lambda: self._buy_at_random(order, programs, key))
        with self._as_in_odoo():
            theirs = self._undone(lambda: self._buy_at_random(order, programs, key))
        self.assertEqual(ours, theirs, key)
        offered = len(ours[0]["claimable"])
        return len(automatic & fitting), len(automatic - fitting), offered

    def test_random_purchases_tell_the_same_story(self):
        counts = []
        for seed in range(SEEDS):
            draw = random.Random(seed)
            programs = self._draw_shop(draw)
            for cart in range(CARTS):
                order = self._draw_cart(draw)
                counts.append(self._compare(order, programs, f"{seed}-{cart}"))
            programs.active = False
        for count in map(sum, zip(*counts, strict=True)):
            # Or else the carts would have shown nothing.
            self.assertGreater(count, 20)

    def _get_automatic(self, order):
        domain = [
            *order._get_program_domain(),
            ("trigger", "=", "auto"),
            ("rule_ids.mode", "=", "auto"),
        ]
        return order.env["loyalty.program"].search(domain)
