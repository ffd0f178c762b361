"""Orders confirmed at the same instant: all on one card, and each on its own."""

# ruff: noqa: F821 - the shell provides `env`, `./dev bench` the constants

import multiprocessing
import os
import time

from benchparts import measuring, shop

from odoo import SUPERUSER_ID, api, sql_db
from odoo.service.model import retrying

BESIDE = "stock"
REACH = {
    "24 orders: one card / 24 cards": ("most", 3),
    "of them failed": ("most", 0),
}
ORDERS = 24
ROUNDS = 3


def serve(order_id, start, results):
    """Be one worker: wait for the others, then confirm as a request does."""
    # The connections belong to the process that forked this one.
    sql_db._Pool = sql_db._Pool_readonly = None
    with env.registry.cursor() as cr:
        own = api.Environment(cr, SUPERUSER_ID, {})
        order = own["sale.order"].browse(order_id)
        own.cr.execute("SELECT 1")
        cr.rollback()
        start.wait()
        try:
            retrying(order.action_confirm, own)
            results.put((time.time(), False))
        except Exception:  # noqa: BLE001 - whatever a customer would see
            results.put((time.time(), True))
    results.close()
    results.join_thread()
    os._exit(0)


def confirm_at_once(orders):
    """Return the seconds until the last order is served, and how many failed."""
    env.cr.commit()
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    start = context.Barrier(len(orders) + 1)
    workers = [
        context.Process(target=serve, args=(order_id, start, results))
        for order_id in orders.ids
    ]
    for worker in workers:
        worker.start()
    start.wait()
    started = time.time()
    ended = [results.get() for _worker in workers]
    for worker in workers:
        worker.join()
    seconds = max(moment for moment, _failed in ended) - started
    return seconds, sum(failed for _moment, failed in ended)


program = shop.only_program(env)
products = shop.records(env)
shared = shop.member(env, program)
own_cards = [shop.member(env, program, f"Bench {n}") for n in range(ORDERS)]
on_one, on_own = [], []
for _round in range(ROUNDS):
    for times, partners in (
        (on_own, [card.partner_id for card in own_cards]),
        (on_one, [shared.partner_id] * ORDERS),
    ):
        orders = env["sale.order"].concat(
            *(shop.quotation(env, partner, products) for partner in partners)
        )
        times.append(confirm_at_once(orders))
served = ROUNDS * ORDERS - sum(failed for _seconds, failed in on_one)
earned = served * sum(2 * product.list_price for product in products)
if shop.balance(env, shared) != earned:
    raise SystemExit(f"{shared.points} points are not the {earned} of the orders")
apart, together = min(on_own)[0], min(on_one)[0]
measuring.report(
    TARGET,
    {
        "24 orders on 24 cards, s": apart,
        "24 orders on one card, s": together,
        "24 orders: one card / 24 cards": together / apart,
        "of them failed": sum(failed for _seconds, failed in on_one) / ROUNDS,
    },
)
