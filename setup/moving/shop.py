"""A shop of Odoo's own addons, before the suite comes and after it has gone.

The functions run in `odoo shell`, see `devtool.moving`; what each card shall hold lies
in a system parameter meanwhile.
"""

import json
from decimal import Decimal

from odoo.fields import Command

PARAMETER = "moving.balances"
#: What members shall hold once the suite has gone.
LEFT = "moving.left"
KINDS = ("loyalty", "ewallet", "gift_card", "coupons", "next_order_coupons")
BALANCES = (120.5, -30.25, 0, 0.1 + 0.2, 1e9 + 0.01, 1e-9)

#: What a float is right about: the database keeps so much of it as a number.
PRECISION = 1e-14


def _remember(env, balances, key=PARAMETER):
    env["ir.config_parameter"].set_param(key, json.dumps(balances))
    env.cr.commit()


def _recall(env, key=PARAMETER):
    return json.loads(env["ir.config_parameter"].get_param(key))


def _cards(env, codes):
    cards = env["loyalty.card"].with_context(active_test=False)
    return {card.code: card for card in cards.search([("code", "in", list(codes))])}


def check_balances(env):
    """Compare the cards with what they shall hold."""
    wanted = _recall(env)
    cards = _cards(env, wanted)
    wrong = [
        f"{cards[code].program_id.name} {code}: {cards[code].points!r} for {points!r}"
        for code, points in wanted.items()
        if abs(cards[code].points - points) > PRECISION * abs(points)
    ]
    assert not wrong, wrong


# === Before ===


def make(env):
    """Make companies, programmes, cards and orders as Odoo alone does."""
    env = env(context={**env.context, "loyalty_no_mail": True})
    other = env["res.company"].create(
        {"name": "Moving GmbH", "currency_id": env.ref("base.CHF").id}
    )
    env.user.company_ids |= other
    balances = {}
    for company in (env.company, other, env["res.company"]):
        for kind in KINDS:
            balances |= _make_cards(env, _make_program(env, kind, company))
    _make_program(env, "loyalty", env.company).active = False
    other.active = False
    balances |= _make_orders(env)
    _remember(env, balances)
    check_balances(env)


def _make_program(env, kind, company):
    programs = env["loyalty.program"].with_company(company or env.company)
    return programs.create(
        {
            **programs._program_type_default_values()[kind],
            "name": f"{kind} of {company.name or 'all'}",
            "program_type": kind,
            "company_id": company.id,
            "currency_id": programs.env.company.currency_id.id,
        }
    )


def _make_cards(env, program):
    balances = {}
    for number, points in enumerate(BALANCES):
        partner = env["res.partner"].create({"name": f"Customer {number}"})
        card = env["loyalty.card"].create(
            {
                "program_id": program.id,
                "partner_id": number != 3 and partner.id,
                "points": points,
                "active": number != 1,
            }
        )
        double = card.copy({"code": f"{card.code}-2", "points": 5})
        balances |= {card.code: points, double.code: 5}
    return balances


def _make_order(env, partner, quantity=1):
    return env["sale.order"].create(
        {
            "partner_id": partner.id,
            "order_line": [
                Command.create(
                    {
                        "product_id": _get_product(env).id,
                        "product_uom_qty": quantity,
                        "price_unit": 500,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }
    )


def _get_product(env):
    products = env["product.product"]
    found = products.search([("default_code", "=", "MOVING")])
    values = {"name": "Record", "default_code": "MOVING", "type": "service"}
    return found or products.create(values)


def _make_orders(env):
    """Return the balances of customers with an order: confirmed, and a quotation."""
    program = env["loyalty.program"].search(
        [("name", "=", f"loyalty of {env.company.name}"), ("active", "=", True)]
    )
    env["loyalty.program"].search([("id", "!=", program.id)]).sale_ok = False
    balances = {}
    for name in ("Confirmed", "Quotation"):
        partner = env["res.partner"].create({"name": name})
        card = env["loyalty.card"].create(
            {"program_id": program.id, "partner_id": partner.id, "points": 1000}
        )
        order = _make_order(env, partner)
        order._update_programs_and_rewards()
        error = order._apply_program_reward(program.reward_ids[0], card)
        assert not error, error
        if name == "Confirmed":
            order.action_confirm()
            assert card.points != 1000
        balances[card.code] = card.points
    return balances


# === With the suite ===


def come(env):
    """Check what the installation left, then let the shop live with the suite."""
    check_balances(env)
    _check_entries(env)
    _check_orders(env)
    _check_audit(env)
    _remember(env, _make_members(env), LEFT)
    _check_audit(env)


def check_update(env):
    """Check that an update changed no balance and left none that differs."""
    check_balances(env)
    _check_audit(env)


def _check_entries(env):
    for card in _cards(env, _recall(env)).values():
        entries = card.entry_ids
        if not (card.points and card.program_id.program_type == "loyalty"):
            assert not entries, (card.code, entries)
            continue
        assert entries.mapped("entry_type") == ["opening"], (card.code, entries)
        assert entries.points == card.points, (card.code, entries.points)
    assert not env["mail.mail"].search_count([]), "somebody was written to"


def _check_orders(env):
    """Cancel what was confirmed before, confirm and cancel what was not."""
    balances = _recall(env)
    for order in env["sale.order"].search([("partner_id.name", "=", "Confirmed")]):
        card = order.coupon_point_ids.coupon_id
        order._action_cancel()
        assert card.points == 1000, card.points
        balances[card.code] = 1000
    for order in env["sale.order"].search([("partner_id.name", "=", "Quotation")]):
        card = order.coupon_point_ids.coupon_id
        order.action_confirm()
        assert card.points != 1000
        balances[card.code] = card.points
    _remember(env, balances)


def _check_audit(env):
    for _left in env["loyalty.audit"]._run():
        env.cr.commit()
    found = env["loyalty.audit.difference"].search([])
    assert not found, found.read()


def _make_members(env):
    """Return what the cards of members shall hold once the suite has gone."""
    programs = env["loyalty.program"]
    club = programs.create({**programs._prepare_membership_values(), "name": "Club"})

    def enrol(name):
        partner = env["res.partner"].create({"name": name})
        return club._enrol(partner, "backoffice", True)

    pending, debtor, owner, kid = map(enrol, ("Pending", "Debtor", "Owner", "Kid"))
    _post(env, pending, 50, hold_days=30)
    _post(env, pending, 7)
    _post(env, debtor, -20, "adjust")
    _post(env, owner, 11)
    _post(env, kid, 12)
    pool = env["loyalty.pool"]._make(club, "Home")
    for card in owner | kid:
        pool._add(card, "backoffice")
    gold = club.tier_ids[-1]
    env["loyalty.tier.benefit"].create(
        {"tier_id": gold.id, "kind": "discount", "discount": 10}
    )
    programs.create(
        {
            "name": "For some",
            "program_type": "promotion",
            "applies_on": "current",
            "trigger": "auto",
            "audience_tier_ids": [Command.set(gold.ids)],
            "rule_ids": [Command.create({"minimum_qty": 0})],
            "reward_ids": [Command.create({"discount": 50})],
        }
    )
    return {pending.code: 57, debtor.code: -20, owner.code: 23, kid.code: 0}


def _post(env, card, points, kind="earn", **values):
    # Not to be had before the suite is there.
    from odoo.addons.loyalty_program.engine.values import Posting

    key = f"moving:{card.id}:{points}"
    posting = Posting(card.id, kind, Decimal(points), key, **values)
    env["loyalty.ledger"]._post([posting])


def leave(env, names):
    """Uninstall the addons, one after the other."""
    _remember(env, _recall(env) | _recall(env, LEFT))
    for name in names:
        addon = env["ir.module.module"].search([("name", "=", name)])
        addon.button_immediate_uninstall()


# === After ===


def check_left(env, names):
    """Check that Odoo goes on alone, with the right balances and nothing of ours."""
    check_balances(env)
    left = env["ir.model.data"].search([("module", "in", names)])
    assert not left, left.mapped("complete_name")
    order = _make_order(env, env["res.partner"].create({"name": "Anybody"}), 6)
    order._update_programs_and_rewards()
    order.action_confirm()
    assert order.amount_total == 3000, "somebody else's discount"
    card = _cards(env, _recall(env)).popitem()[1]
    card.points += 1
    env.cr.rollback()


def come_again(env):
    """Check the opening entries of a second installation."""
    check_balances(env)
    cards = env["loyalty.card"].with_context(active_test=False).search([])
    for card in cards.filtered(lambda card: card.is_managed and card.points):
        assert card.entry_ids.mapped("entry_type") == ["opening"], card.code
        assert card.entry_ids.points == card.points, card.code
    _check_audit(env)
