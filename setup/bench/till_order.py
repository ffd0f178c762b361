"""A till order with points, end to end: the three requests that a till makes."""

# ruff: noqa: F821 - the shell provides `env`, `./dev bench` the constants

from functools import partial

from benchparts import measuring, shop, till

BESIDE = "stock"
REACH = {
    "till order, ms": ("times", 1.15),
    "till order, ms of processor": ("times", 1.15),
}
ORDERS = 40

program = shop.only_program(env)
session = till.open_till(env)
products = shop.records(env)
card = shop.member(env, program)
samples = []
for _number in range(measuring.WARM_UPS + ORDERS):
    values = till.order_values(session, card.partner_id, products)
    sell = partial(till.sell, session, card, values)
    samples.append(measuring.request(env, sell))
if not shop.balance(env, card) > 0:
    raise SystemExit("the orders earned nothing, so nothing was measured")
spent, used, queries = measuring.medians(samples)
measuring.report(
    TARGET,
    {
        "till order, ms": spent,
        "till order, ms of processor": used,
        "till order, queries": queries,
    },
)
