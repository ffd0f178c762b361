"""A till that is open, and its orders, as the till sends them."""

from uuid import uuid4

from odoo import fields
from odoo.fields import Command


def open_till(env):
    """Return the session of a new till, as its cashier sees it."""
    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company, False)
    journal = env["account.journal"].search([("type", "=", "bank")], limit=1)
    method = env["pos.payment.method"].create(
        {"name": "Bench Bank", "journal_id": journal.id}
    )
    till = env["pos.config"].create(
        {"name": "Bench Till", "payment_method_ids": [Command.set(method.ids)]}
    )
    groups = env.ref("base.group_user") | env.ref("point_of_sale.group_pos_user")
    cashier = env["res.users"].create(
        {
            "name": "Bench Cashier",
            "login": "bench_cashier",
            "group_ids": [Command.set(groups.ids)],
        }
    )
    till = till.with_user(cashier)
    till.open_ui()
    till.current_session_id.set_opening_control(0, "")
    return till.current_session_id


def order_values(session, partner, products):
    """Return one paid order of one unit of each product."""
    lines = [
        Command.create(
            {
                "product_id": product.id,
                "qty": 1,
                "price_unit": product.list_price,
                "price_subtotal": product.list_price,
                "price_subtotal_incl": product.list_price,
                "tax_ids": [Command.set([])],
                "uuid": str(uuid4()),
            }
        )
        for product in products
    ]
    total = sum(products.mapped("list_price"))
    payment = {
        "amount": total,
        "name": fields.Datetime.now(),
        "payment_method_id": session.config_id.payment_method_ids[:1].id,
    }
    return {
        "amount_paid": total,
        "amount_return": 0,
        "amount_tax": 0,
        "amount_total": total,
        "date_order": fields.Datetime.to_string(fields.Datetime.now()),
        "lines": lines,
        "partner_id": partner.id,
        "payment_ids": [Command.create(payment)],
        "session_id": session.id,
        "state": "paid",
        "to_invoice": False,
        "user_id": session.user_id.id,
        "uuid": str(uuid4()),
    }


def sell(session, card, values):
    """Do what a till does for an order with points: check, send, confirm.

    Each step is a request of its own, with a cold cache.
    """
    points = values["amount_total"]
    orders = session.env["pos.order"]
    orders.validate_coupon_programs({card.id: points}, [])
    session.env.cr.commit()
    order_id = orders.sync_from_ui([values])["pos.order"][-1]["id"]
    session.env.cr.commit()
    confirm(session, card, order_id, points)
    return order_id


def confirm(session, card, order_id, points):
    """Do what a till does once its order is stored."""
    session.env["pos.order"].browse(order_id).confirm_coupon_programs(
        {
            card.id: {
                "points": points,
                "program_id": card.program_id.id,
                "coupon_id": card.id,
                "partner_id": card.partner_id.id,
            }
        }
    )
    session.env.cr.commit()
