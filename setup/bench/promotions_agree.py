"""The same random purchases in stock Odoo and with the suite: the same, to the cent.

Shops of promotions of all kinds, and one with 1,000 of them. What is compared is all
that an order shows and leaves: points, cards, codes, lines, totals, what is claimable.
"""

# ruff: noqa: F821 - the shell provides `env`, `./dev bench` the constants

import random

from benchparts import measuring, random_shop, story

BESIDE = "stock, the same"
REACH = {}

SHOPS, PROGRAMS, CARTS = max(round(12 * SIZE), 1), 60, 8
MANY, CARTS_OF_MANY = max(round(1000 * SIZE), 50), max(round(10 * SIZE), 2)


def stories(shop, key, programs, carts):
    """Return {name of a cart: the story of its purchase}, one after the other."""
    told = {}
    for number in range(carts):
        name = f"{key}-{number}"
        order = shop.draw_cart(random.Random(name), name)
        env.cr.commit()
        # A request begins with an empty cache: what others read is not the seller's.
        env.invalidate_all()
        told[name] = story.Buyer(shop, programs, name).buy(order)
        env.cr.commit()
    programs.active = False
    return told


told = {}
shop = random_shop.Shop(env)
for seed in range(SHOPS):
    drawn = shop.draw_programs(f"shop{seed}", PROGRAMS)
    told |= stories(shop, f"shop{seed}", drawn, CARTS)
drawn = shop.draw_programs("many", MANY, rare=True)
told |= stories(shop, "many", drawn, CARTS_OF_MANY)
measuring.report(TARGET, told)
