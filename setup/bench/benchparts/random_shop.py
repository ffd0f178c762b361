"""A shop with random promotions of all kinds, alike with and without the suite.

All that is drawn follows from a seed, and everything has a name of its own: ids are not
the same in two databases.
"""

import random
from datetime import timedelta

from odoo.fields import Command, Date

#: Kinds of programmes that are drawn more often than once each.
OFTEN = ("promotion", "promotion", "buy_x_get_y", "promo_code")

#: Days from today on which a programme begins and ends.
DATES = [*[(None, None)] * 4, (-9, None), (-9, 9), (-9, -1), (1, 9)]

FILTERS = (
    '[["list_price", ">", 20]]',
    '[["name", "ilike", "2"]]',
    '["|", ["categ_id", "child_of", "Music"], ["list_price", "<", 8]]',
    '[["product_tag_ids.name", "=", "Rare"]]',
)


class Shop:
    """Products, customers, price lists and two companies to sell in."""

    def __init__(self, env):
        self.env = env
        self.today = Date.today()
        env["loyalty.program"].search([]).active = False
        self.company = env.company
        self.elsewhere = env["res.company"].create({"name": "Elsewhere"})
        env.user.company_ids |= self.elsewhere
        self._make_goods()
        self._make_price_lists()
        self.customers = env["res.partner"].create(
            [{"name": name} for name in ("Ada", "Bob", "Cem")]
        )
        groups = env.ref("sales_team.group_sale_manager")
        self.seller = env["res.users"].create(
            {
                "name": "Seller",
                "login": "bench_seller",
                "company_id": self.company.id,
                "company_ids": [Command.set((self.company | self.elsewhere).ids)],
                "group_ids": [Command.set(groups.ids)],
            }
        )
        carrier = {"name": "Courier", "fixed_price": 6.5, "delivery_type": "fixed"}
        service = {"name": "Delivery", "type": "service", "list_price": 6.5}
        carrier["product_id"] = env["product.product"].create(service).id
        self.carrier = env["delivery.carrier"].create(carrier)

    def _make_goods(self):
        env = self.env
        self.top = env["product.category"].create({"name": "Music"})
        below = {"name": "Vinyl", "parent_id": self.top.id}
        self.below = env["product.category"].create(below)
        self.tags = env["product.tag"].create([{"name": "New"}, {"name": "Rare"}])
        taxes = env["account.tax"].create(
            [
                {"name": "VAT 21", "amount": 21},
                {
                    "name": "VAT 9 within",
                    "amount": 9,
                    "price_include_override": "tax_included",
                },
            ]
        )
        kinds = (self.top, self.below, env["product.category"])
        self.goods = env["product.product"].create(
            [
                {
                    "name": f"Product {number}",
                    "type": "service",
                    "list_price": 7.35 * (number + 1),
                    "taxes_id": [Command.set(taxes[: number % 3].ids[-1:])],
                    "categ_id": kinds[number % 3].id,
                    "product_tag_ids": [Command.set(self.tags[: number % 3].ids)],
                }
                for number in range(8)
            ]
        )
        plain = {"type": "service", "list_price": 12, "taxes_id": [Command.clear()]}
        values = [
            plain | {"name": "Sold out", "active": False},
            plain | {"name": "Not here", "company_id": self.elsewhere.id},
            plain | {"name": "For nothing", "list_price": 0},
            plain | {"name": "Voucher", "list_price": 25},
            plain | {"name": "Top-up", "list_price": 50},
        ]
        made = env["product.product"].create(values)
        self.archived, self.foreign, self.free, self.voucher, self.top_up = made
        self.named = self.goods | self.archived | self.foreign
        self.sold = self.goods | self.free | self.voucher | self.top_up

    def _make_price_lists(self):
        currency = self.env["res.currency"].create(
            {
                "name": "XLP",
                "symbol": "x",
                "rounding": 0.05,
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 3})],
            }
        )
        lower = {"compute_price": "percentage", "percent_price": 10}
        self.price_lists = self.env["product.pricelist"].create(
            [
                {"name": "Own", "currency_id": self.company.currency_id.id},
                {"name": "Foreign", "currency_id": currency.id},
                {"name": "Lower", "item_ids": [Command.create(lower)]},
            ]
        )

    # === Programmes ===

    def draw_programs(self, key, count, rare=False):
        """Return so many programmes; of ``rare`` ones few carts fulfil a rule.

        Cards of the customers are among them, with codes of their own.

        :param str key: what all of it follows from, and part of the names
        """
        draw = random.Random(key)
        programs = self.env["loyalty.program"].union(
            *(self._draw_program(draw, f"{key}.{n}", rare) for n in range(count))
        )
        for number, program in enumerate(programs):
            # Odoo orders them by this alone.
            program.sequence = number
        for program in programs:
            if program.program_type in ("coupons", "loyalty", "ewallet", "gift_card"):
                self._draw_cards(draw, program)
        return programs

    def _draw_program(self, draw, number, rare):
        programs = self.env["loyalty.program"]
        kinds = programs._fields["program_type"].get_values(self.env)
        kind = draw.choice([*kinds, *OFTEN])
        # How an order comes to a programme of its kind, Odoo says.
        usual = programs._program_type_default_values()[kind]
        rules = [
            self._draw_rule(draw, kind, f"{number}-{part}", rare)
            for part in range(draw.choice([1, 1, 2]))
        ]
        number_of_rewards = draw.choice([1, 1, 2])
        rewards = [self._draw_reward(draw, kind) for _n in range(number_of_rewards)]
        begins, ends = draw.choice(DATES)
        values = {
            "name": f"{kind} {number}",
            "program_type": kind,
            "trigger": usual["trigger"],
            "applies_on": usual["applies_on"],
            "sale_ok": draw.random() < 0.9,
            "date_from": begins and self.today + timedelta(days=begins),
            "date_to": ends and self.today + timedelta(days=ends),
            "company_id": draw.choice([self.company.id, self.company.id, False]),
            "currency_id": self.company.currency_id.id,
            "rule_ids": [Command.clear(), *map(Command.create, rules)],
            "reward_ids": [Command.clear(), *map(Command.create, rewards)],
        }
        if draw.random() < 0.2:
            values["pricelist_ids"] = [Command.set(self.price_lists[0].ids)]
        if draw.random() < 0.2:
            values |= {"limit_usage": True, "max_usage": draw.choice([1, 2, 50])}
        if draw.random() < 0.1:
            values |= {
                "company_id": self.elsewhere.id,
                "currency_id": self.elsewhere.currency_id.id,
                "pricelist_ids": False,
            }
        return programs.create(values)

    def _draw_rule(self, draw, kind, name, rare):
        minimum = draw.choice([0, 0, 14.7, 50, 400])
        rule = {
            "minimum_qty": draw.choice([0, 1, 1, 2, 5]),
            "minimum_amount": minimum + (9_000 if rare and draw.random() < 0.95 else 0),
            "minimum_amount_tax_mode": draw.choice(["incl", "excl"]),
            "reward_point_mode": draw.choice(["order", "money", "unit"]),
            "reward_point_amount": draw.choice([1, 0.5, 40]),
        }
        if kind == "promo_code":
            rule["code"] = f"CODE-{name}"
        if kind in ("gift_card", "ewallet"):
            product = self.voucher if kind == "gift_card" else self.top_up
            return rule | {
                "product_ids": [Command.set(product.ids)],
                "reward_point_mode": "money",
                "reward_point_amount": 1,
                "reward_point_split": kind == "gift_card",
                "minimum_amount": 0,
            }
        return rule | self._draw_products(draw)

    def _draw_products(self, draw):
        """Return the products that a rule names, by whichever of their marks."""
        rule = {}
        if draw.random() < 0.5:
            named = draw.sample(list(self.named), draw.choice([1, 1, 2]))
            if draw.random() < 0.2:
                named = [draw.choice([self.archived, self.foreign])]
            rule["product_ids"] = [Command.set([product.id for product in named])]
        if draw.random() < 0.25:
            rule["product_category_id"] = draw.choice([self.top, self.below]).id
        if draw.random() < 0.25:
            rule["product_tag_id"] = draw.choice(list(self.tags)).id
        if draw.random() < 0.25:
            rule["product_domain"] = draw.choice(FILTERS)
        return rule

    def _draw_reward(self, draw, kind):
        if kind in ("gift_card", "ewallet"):
            return {
                "reward_type": "discount",
                "discount_mode": "per_point",
                "discount": 1,
                "discount_applicability": "order",
                "required_points": 1,
            }
        turn = draw.random()
        if turn < 0.1:
            return {"reward_type": "shipping", "required_points": draw.choice([1, 2])}
        if turn < 0.35:
            return self._draw_free_product(draw)
        return self._draw_discount(draw)

    def _draw_free_product(self, draw):
        reward = {
            "reward_type": "product",
            "reward_product_qty": draw.choice([1, 1, 2]),
            "required_points": draw.choice([1, 2]),
        }
        if draw.random() < 0.2:
            return reward | {"reward_product_tag_id": draw.choice(list(self.tags)).id}
        return reward | {"reward_product_id": draw.choice(list(self.goods)).id}

    def _draw_discount(self, draw):
        reward = {
            "reward_type": "discount",
            "discount": draw.choice([5, 10, 30, 7.77]),
            "discount_mode": draw.choice(
                ["percent", "percent", "per_order", "per_point"]
            ),
            "discount_applicability": draw.choice(
                ["order", "order", "cheapest", "specific"]
            ),
            "discount_max_amount": draw.choice([0, 0, 0, 12]),
            "required_points": draw.choice([1, 3]),
            "clear_wallet": draw.random() < 0.1,
        }
        if reward["discount_applicability"] == "specific":
            which = draw.randrange(3)
            if which == 0:
                chosen = draw.sample(list(self.goods), 2)
                ids = [product.id for product in chosen]
                reward["discount_product_ids"] = [Command.set(ids)]
            elif which == 1:
                reward["discount_product_category_id"] = self.top.id
            else:
                reward["discount_product_tag_id"] = self.tags[0].id
        return reward

    def _draw_cards(self, draw, program):
        ends = draw.choice([None, None, -1, 0, 30])
        owners = self.customers.ids
        if program.program_type in ("coupons", "gift_card"):
            owners.append(False)
        values = {
            "program_id": program.id,
            "partner_id": draw.choice(owners),
            "points": draw.choice([1, 2, 60]),
            "code": f"CARD-{program.name}",
        }
        if ends is not None:
            values["expiration_date"] = self.today + timedelta(days=ends)
        self.env["loyalty.card"].with_context(loyalty_no_mail=True).create(values)

    # === Carts ===

    def draw_line(self, draw):
        """Return the values of a line; some are sold by the dozen."""
        line = {
            "product_id": draw.choice([*self.goods, *self.sold]).id,
            "product_uom_qty": draw.choice([1, 2, 3.5, 1, 2]),
            "discount": draw.choice([0, 0, 20]),
        }
        if draw.random() < 0.1:
            line["product_uom_id"] = self.env.ref("uom.product_uom_dozen").id
        return line

    def draw_cart(self, draw, name):
        """Return a quotation of a customer, in one of the companies, and who sells."""
        company = draw.choice([self.company] * 5 + [self.elsewhere])
        env = self.env(context={**self.env.context, "allowed_company_ids": company.ids})
        lines = [self.draw_line(draw) for _n in range(draw.choice([1, 2, 5]))]
        order = env["sale.order"].create(
            {
                "name": name,
                "company_id": company.id,
                "partner_id": draw.choice(self.customers.ids),
                "user_id": self.seller.id,
                "pricelist_id": company == self.company
                and draw.choice([False, *self.price_lists.ids]),
                "order_line": [Command.create(line) for line in lines],
            }
        )
        if draw.random() < 0.2:
            order.set_delivery_line(self.carrier, 6.5)
        return order if draw.random() < 0.3 else order.with_user(self.seller)
