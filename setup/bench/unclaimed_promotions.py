"""Confirm an order with nine promotions unclaimed, in a shop with a long history.

Stock deletes the cards of what was not claimed, and PostgreSQL looks for each of them
in every table that points to cards. A million rows of history come of a million orders,
each with a line.
"""

# ruff: noqa: F821 - the shell provides `env`, `./dev bench` the constants

from functools import partial

from benchparts import filling, measuring, promotions, shop

BESIDE = "stock"
REACH = {
    "confirm, 9 unclaimed, ms": ("times", 0.1),
    "look, long / short history": ("most", 1.2),
}
ROWS = max(round(1_000_000 * SIZE), 1000)
ORDERS = 20


def look(order):
    """Do what a page with an order does."""
    order._update_programs_and_rewards()
    if len(order._get_claimable_rewards()) < 9:
        raise SystemExit("the nine promotions are not there to be left")


def prepared():
    """Return an order with nine promotions that nobody claims."""
    order = shop.cart(env, card.partner_id, products)
    look(order)
    return order


def medians_of(act, prepare):
    """Return the medians of ``act(prepare())``."""
    samples = []
    for _number in range(measuring.WARM_UPS + ORDERS):
        served = partial(act, prepare())
        samples.append(measuring.request(env, served))
    return measuring.medians(samples)


def lengthen_history():
    """Add the history and the lines of orders that are long gone."""
    order = prepared()
    order.action_confirm()
    history = env["loyalty.history"].create(
        {
            "card_id": card.id,
            "description": "Order S00001",
            "order_model": "sale.order",
            "order_id": order.id,
            "issued": 10,
        }
    )
    env.flush_all()
    tables = ("sale_order", "sale_order_line", "loyalty_history")
    with filling.bare(env.cr, *tables):
        orders = filling.first_id(env.cr, "sale_order", ROWS)
        number = f"{orders} + g"
        filling.copy_rows(env.cr, "sale_order", order.id, ROWS, id=number)
        filling.copy_rows(
            env.cr, "sale_order_line", order.order_line[0].id, ROWS, order_id=number
        )
        filling.copy_rows(env.cr, "loyalty_history", history.id, ROWS, order_id=number)
    filling.tidy(env.cr, *tables)


program = shop.only_program(env)
products = shop.records(env)
card = shop.member(env, program)
promotions.create(env, [{"minimum_amount": 1}] * 9)
short = medians_of(look, lambda: shop.cart(env, card.partner_id, products))
lengthen_history()
confirmed = medians_of(lambda order: order.action_confirm(), prepared)
long = medians_of(look, lambda: shop.cart(env, card.partner_id, products))
measuring.report(
    TARGET,
    {
        "confirm, 9 unclaimed, ms": confirmed[0],
        "confirm, 9 unclaimed, ms of processor": confirmed[1],
        "confirm, 9 unclaimed, queries": confirmed[2],
        "look, ms of processor": long[1],
        "look, long / short history": long[1] / short[1],
    },
)
