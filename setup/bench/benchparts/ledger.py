"""Cards with a ledger, consistent in every table, made by plain SQL."""

from dataclasses import dataclass, field
from decimal import Decimal

from .filling import bare, copy_rows, first_id, tidy
from .shop import member
from odoo.addons.loyalty_program.engine.values import Posting

TABLES = ("loyalty_ledger_entry", "loyalty_lot", "loyalty_lot_use")


@dataclass
class Round:
    """One entry for every card.

    :param rest: of its lot; None for an entry that has no lot
    :param uses: {number of the round whose lot it used: points}
    :param spend: SQL of the money that it counts for, of ``g``; None: the points
    """

    kind: str
    points: int
    days_ago: int
    rest: int | None = 0
    state: str = "open"
    expires_in: int | None = None
    reverses: int | None = None
    uses: dict = field(default_factory=dict)
    spend: str | None = None


#: Ten entries of every kind: 25 points, 10 pending.
HISTORY = [
    Round("earn", 10, 400),
    Round("earn", 10, 350, rest=5),
    Round("earn", 10, 300, rest=10, expires_in=100),
    Round("redeem", -15, 250, uses={0: 10, 1: 5}),
    Round("earn", 10, 200),
    Round("earn_reversal", -10, 190, reverses=4, uses={4: 10}),
    Round("earn", 10, 150),
    Round("expire", -10, 100, rest=None, uses={6: 10}),
    Round("earn", 10, 50, rest=10, expires_in=400),
    Round("earn", 10, 3, rest=10, state="pending", expires_in=500),
]


def make_cards(env, program, count, points, pending):
    """Return the id before the first of ``count`` new members' cards."""
    cr = env.cr
    sample = member(env, program)
    env.flush_all()
    with bare(cr, "res_partner", "loyalty_card"):
        partners = first_id(cr, "res_partner", count)
        copy_rows(
            cr,
            "res_partner",
            sample.partner_id.id,
            count,
            id=f"{partners} + g",
            commercial_partner_id=f"{partners} + g",
        )
        cards = first_id(cr, "loyalty_card", count)
        columns = {
            "id": f"{cards} + g",
            "partner_id": f"{partners} + g",
            "code": f"'bench-' || {cards} + g",
            "member_number": f"'B' || {cards} + g",
            "points": str(points),
            "points_pending": str(pending),
            "ledger_points": str(points),
        }
        copy_rows(cr, "loyalty_card", sample.id, count, **columns)
    tidy(cr, "res_partner", "loyalty_card")
    return cards


def fill(env, program, count, rounds):
    """Make ``count`` members with a history; return the id before the first card.

    Entry k of card g has the id ``first + k * count + g``: the posts of all members
    of a day lie together, as they do in life.
    """
    cr = env.cr
    spendable = sum(r.rest or 0 for r in rounds if r.state == "open")
    pending = sum(r.rest or 0 for r in rounds if r.state == "pending")
    cards = make_cards(env, program, count, spendable, pending)
    sample, lot = _samples(env, program)
    entries = first_id(cr, "loyalty_ledger_entry", count * len(rounds))
    lots = first_id(cr, "loyalty_lot", count * len(rounds))
    with bare(cr, *TABLES):
        for number, each in enumerate(rounds):
            before = number * count
            _add_entries(cr, sample, count, (cards, entries, before), each)
            if each.rest is not None:
                _add_lots(cr, lot, count, (cards, entries, lots, before), each)
            for used, points in each.uses.items():
                cr.execute(
                    """INSERT INTO loyalty_lot_use (lot_id, entry_id, points)
                       SELECT %s + g, %s + g, %s FROM generate_series(1, %s) g""",
                    (lots + used * count, entries + before, points, count),
                )
    tidy(cr, *TABLES)
    env.invalidate_all()
    return cards


def _samples(env, program):
    """Return the ids of an entry and of its lot, to be copied."""
    card = member(env, program, "Bench Sample")
    posting = Posting(
        card.id, "earn", Decimal(10), f"bench:sample:{card.id}", counts_for_tier=True
    )
    entry = env["loyalty.ledger"]._post([posting])
    env.flush_all()
    return entry.id, env["loyalty.lot"].search([("entry_id", "=", entry.id)]).id


def _add_entries(cr, sample, count, ids, each):
    cards, entries, before = ids
    day = f"(current_date - {each.days_ago})"
    reverses = (
        "NULL" if each.reverses is None else (f"{entries + each.reverses * count} + g")
    )
    copy_rows(
        cr,
        "loyalty_ledger_entry",
        sample,
        count,
        id=f"{entries + before} + g",
        card_id=f"{cards} + g",
        member_card_id=f"{cards} + g",
        entry_type=f"'{each.kind}'",
        points=str(each.points),
        base_amount=each.spend or str(each.points),
        occurred_at=f"{day}::timestamp",
        posted_at=f"{day}::timestamp",
        available_on=day,
        tier_date=day if each.kind in ("earn", "earn_reversal") else "NULL",
        origin_model="'sale.order'",
        origin_id=f"{before} + g",
        key=f"'bench:' || {entries + before} + g",
        reverses_id=reverses,
    )


def _add_lots(cr, sample, count, ids, each):
    cards, entries, lots, before = ids
    expires = "NULL" if each.expires_in is None else f"current_date + {each.expires_in}"
    copy_rows(
        cr,
        "loyalty_lot",
        sample,
        count,
        id=f"{lots + before} + g",
        entry_id=f"{entries + before} + g",
        card_id=f"{cards} + g",
        points=str(each.points),
        remaining=str(each.rest),
        state=f"'{each.state}'",
        available_on=f"current_date - {each.days_ago}",
        expires_on=expires,
    )
