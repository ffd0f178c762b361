"""What gets slower with age: requests in a database with a long history of points."""

# ruff: noqa: F821 - the shell provides `env`, `./dev bench` the constants

from functools import partial

from benchparts import filling, measuring, shop, till

BESIDE = "stock"
REACH = {
    "order form, ms": ("times", 0.2),
    "cancel, ms": ("times", 0.2),
    "what the history adds to a cancel, ms": ("times", 0.2),
    "share of loyalty in a cancel, ms": ("times", 0.2),
    "till confirm, ms": ("times", 0.2),
}
ROWS = max(round(1_000_000 * SIZE), 1000)
ORDERS = 20


def lengthen_history(card):
    """Add the history of orders that are long gone."""
    history = env["loyalty.history"].create(
        {
            "card_id": card.id,
            "description": "Order S00001",
            "order_model": "sale.order",
            "order_id": 1,
            "issued": 10,
        }
    )
    env.flush_all()
    order_id = "1000000 + g"
    filling.copy_rows(
        env.cr, "loyalty_history", history.id, ROWS, order_id=order_id, used="mod(g, 7)"
    )
    filling.tidy(env.cr, "loyalty_history")


def costs_of(act, prepare):
    """Return the median milliseconds, those of the processor, and queries."""
    samples = []
    for _number in range(measuring.WARM_UPS + ORDERS):
        served = partial(act, prepare())
        samples.append(measuring.request(env, served))
    return measuring.medians(samples)


def confirmed(partner=None):
    """Return an order of today."""
    order = shop.quotation(env, partner or card.partner_id, products)
    order.action_confirm()
    return order


def stored():
    """Return a till order that the till has sent."""
    values = till.order_values(session, card.partner_id, products)
    data = session.env["pos.order"].sync_from_ui([values])
    return data["pos.order"][-1]["id"], values["amount_total"]


program = shop.only_program(env)
session = till.open_till(env)
products = shop.records(env)
card = shop.member(env, program)
# What Odoo itself takes, before any table is long: no addon can be faster than that.
(young, young_used, _queries) = costs_of(lambda o: o._action_cancel(), confirmed)
lengthen_history(card)
(form, *_rest) = costs_of(lambda o: o.read(["loyalty_data"]), confirmed)
cancel, used, queries = costs_of(lambda o: o._action_cancel(), confirmed)
(till_confirm, *_rest) = costs_of(
    lambda sale: till.confirm(session, card, *sale), stored
)
# Odoo's own cancelling, without any programme: what is left is the share of loyalty.
program.active = False
stranger = env["res.partner"].create({"name": "Bench Stranger"})
bare, bare_used, bare_queries = costs_of(
    lambda o: o._action_cancel(), partial(confirmed, stranger)
)
measuring.report(
    TARGET,
    {
        "order form, ms": form,
        "cancel without a history, ms": young,
        "cancel without a history, ms of processor": young_used,
        "cancel, ms": cancel,
        "cancel, ms of processor": used,
        "cancel, queries": queries,
        "what the history adds to a cancel, ms": max(cancel - young, 0),
        "share of loyalty in a cancel, ms": cancel - bare,
        "of it processor, ms": used - bare_used,
        "of it queries": queries - bare_queries,
        "till confirm, ms": till_confirm,
    },
)
