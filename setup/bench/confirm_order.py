"""Confirm a sale order of five lines under one loyalty programme.

Runs in `odoo shell`, which provides `env`, in a database of its own: once on stock
Odoo, once with the suite. TARGET names the JSON file for the measures. Each order is
confirmed as a request would do it: cold record cache, flush and commit included.
"""

# ruff: noqa: F821

import json
import statistics
import time

from odoo import sql_db
from odoo.fields import Command

WARM_UPS = 3
ORDERS = 25
LINES = 5
WITH_SUITE = "loyalty.ledger" in env


def make_program():
    """Return the only programme: one point per unit of money, one discount."""
    programs = env["loyalty.program"]
    programs.search([]).active = False
    if WITH_SUITE:
        return programs.create(programs._prepare_membership_values())
    reward = {"reward_type": "discount", "discount": 10, "required_points": 200}
    rule = {"reward_point_mode": "money", "reward_point_amount": 1}
    return programs.create(
        {
            "name": "Loyalty",
            "program_type": "loyalty",
            "trigger": "auto",
            "applies_on": "both",
            "rule_ids": [Command.create(rule)],
            "reward_ids": [Command.create(reward)],
        }
    )


def make_member(program):
    """Return a customer who takes part in the programme."""
    partner = env["res.partner"].create({"name": "Bench Customer"})
    if WITH_SUITE:
        program._enrol(partner, "backoffice", True)
    else:
        env["loyalty.card"].create({"program_id": program.id, "partner_id": partner.id})
    return partner


def make_order(partner, products):
    """Return a quotation with its points worked out, committed."""
    lines = [
        Command.create({"product_id": product.id, "product_uom_qty": 2})
        for product in products
    ]
    order = env["sale.order"].create({"partner_id": partner.id, "order_line": lines})
    order._update_programs_and_rewards()
    env.cr.commit()
    env.invalidate_all()
    return order


def confirm(order):
    """Confirm an order; return milliseconds, of the processor, and queries."""
    queries = sql_db.sql_counter
    processor, started = time.process_time(), time.perf_counter()
    order.action_confirm()
    env.cr.commit()
    spent = time.perf_counter() - started
    used = time.process_time() - processor
    return spent * 1000, used * 1000, sql_db.sql_counter - queries


program = make_program()
customer = make_member(program)
records = env["product.product"].create(
    [
        {"name": f"Record {number}", "type": "service", "list_price": 10 + number}
        for number in range(LINES)
    ]
)
env.cr.commit()
samples = [confirm(make_order(customer, records)) for _ in range(WARM_UPS + ORDERS)]
card = program.coupon_ids.filtered(lambda found: found.partner_id == customer)
earned = card.points + (card.points_pending if WITH_SUITE else 0)
if not earned > 0:
    raise SystemExit("the orders earned nothing, so nothing was measured")
columns = zip(*samples[WARM_UPS:], strict=True)
names = ("confirm, ms", "confirm, ms of processor", "confirm, queries")
measures = {
    name: statistics.median(column) for name, column in zip(names, columns, strict=True)
}
with open(TARGET, "w") as stream:
    json.dump(measures, stream)
