"""Confirm a sales order of five lines, as a request does it, with a cold cache.

The share of loyalty is what one programme adds to the same order of a customer when
no programme runs.
"""

# ruff: noqa: F821 - the shell provides `env`, `./dev bench` the constants

from benchparts import measuring, shop

BESIDE = "stock"
REACH = {
    "confirm 5 lines, ms": ("times", 1.15),
    "confirm 5 lines, ms of processor": ("times", 1.15),
    "confirm 5 lines, queries": ("more", 6),
    "share of loyalty, queries": ("most", 10),
}
ORDERS = 40


def confirm_all(partner, products):
    """Return the medians of milliseconds, those of the processor, and queries."""
    samples = []
    for _number in range(measuring.WARM_UPS + ORDERS):
        order = shop.quotation(env, partner, products)
        samples.append(measuring.request(env, order.action_confirm))
    return measuring.medians(samples)


program = shop.only_program(env)
card = shop.member(env, program)
products = shop.records(env)
spent, used, queries = confirm_all(card.partner_id, products)
if not shop.balance(env, card) > 0:
    raise SystemExit("the orders earned nothing, so nothing was measured")
program.active = False
bare_spent, _bare_used, bare_queries = confirm_all(
    env["res.partner"].create({"name": "Bench Stranger"}), products
)
measuring.report(
    TARGET,
    {
        "confirm 5 lines, ms": spent,
        "confirm 5 lines, ms of processor": used,
        "confirm 5 lines, queries": queries,
        "share of loyalty, ms": spent - bare_spent,
        "share of loyalty, queries": queries - bare_queries,
    },
)
