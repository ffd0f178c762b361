"""What a cart may claim among 1,000 promotions, as its page asks: cold, once a change.

First with twenty that fit the cart, then with 1,000 that all do. A cart's first look
makes a card for each that fits; the next ones find them.
"""

# ruff: noqa: F821 - the shell provides `env`, `./dev bench` the constants

from functools import partial

from benchparts import measuring, promotions, shop

BESIDE = "stock"
REACH = {
    "20 of 1,000 fit: first look, ms": ("times", 0.333),
    "20 of 1,000 fit: again, ms": ("times", 0.333),
    "1,000 of 1,000 fit: first look, ms": ("times", 0.333),
    "1,000 of 1,000 fit: again, ms": ("times", 0.333),
}
PROMOTIONS = max(round(1000 * SIZE), 50)
FITTING = PROMOTIONS // 50


def look(order, fitting):
    """Do what a page with a cart does."""
    order._update_programs_and_rewards()
    found = order._get_claimable_rewards()
    if len(found) != fitting:
        raise SystemExit(f"{len(found)} promotions were claimable, not {fitting}")


def medians(times, fitting):
    """Return the medians of a first look and of the next, milliseconds of processor."""
    first, again = [], []
    for _number in range(measuring.WARM_UPS + times):
        order = shop.cart(env, customer, products)
        looking = partial(look, order, fitting)
        first.append(measuring.request(env, looking))
        again.append(measuring.request(env, looking))
    return measuring.medians(first)[1], measuring.medians(again)[1]


promotions.none_active(env)
customer = env["res.partner"].create({"name": "Bench Customer"})
products = shop.records(env)
promotions.create(env, [{"minimum_amount": 1}] * FITTING)
others = promotions.rules_for_others(env, PROMOTIONS - FITTING)
others = promotions.create(env, others)
few = medians(10, FITTING)
others.active = False
promotions.create(env, [{"minimum_amount": 1}] * (PROMOTIONS - FITTING))
many = medians(2, PROMOTIONS)
measuring.report(
    TARGET,
    {
        "20 of 1,000 fit: first look, ms": few[0],
        "20 of 1,000 fit: again, ms": few[1],
        "1,000 of 1,000 fit: first look, ms": many[0],
        "1,000 of 1,000 fit: again, ms": many[1],
    },
)
