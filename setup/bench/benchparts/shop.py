"""A programme, customers and orders, alike on stock Odoo and with the suite."""

from odoo.fields import Command


def has_suite(env):
    """Tell whether the suite is installed."""
    return "loyalty.ledger" in env


def only_program(env, **values):
    """Return the only programme: one point per unit of money, one discount."""
    programs = env["loyalty.program"]
    programs.search([]).active = False
    if has_suite(env):
        return programs.create({**programs._prepare_membership_values(), **values})
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
            **values,
        }
    )


def member(env, program, name="Bench Customer"):
    """Return the card of a new customer who takes part in the programme."""
    partner = env["res.partner"].create({"name": name})
    if has_suite(env):
        return program._enrol(partner, "backoffice", True)
    return env["loyalty.card"].create(
        {"program_id": program.id, "partner_id": partner.id}
    )


def records(env, count=5):
    """Return products to sell."""
    return env["product.product"].create(
        [
            {
                "name": f"Record {number}",
                "type": "service",
                "list_price": 10 + number,
                "available_in_pos": True,
                "taxes_id": [Command.clear()],
            }
            for number in range(count)
        ]
    )


def cart(env, partner, products):
    """Return a quotation of two units each, whose promotions nobody looked at yet."""
    lines = [
        Command.create({"product_id": product.id, "product_uom_qty": 2})
        for product in products
    ]
    return env["sale.order"].create({"partner_id": partner.id, "order_line": lines})


def quotation(env, partner, products):
    """Return a quotation with its points worked out."""
    order = cart(env, partner, products)
    order._update_programs_and_rewards()
    return order


def balance(env, card):
    """Return all points of a card, spendable or not yet."""
    env.invalidate_all()
    return card.points + (card.points_pending if has_suite(env) else 0)
