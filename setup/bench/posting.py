"""Posting through the service, one card a call, beside the same writes in plain SQL."""

# ruff: noqa: F821 - the shell provides `env`, `./dev bench` the constants

import statistics
from decimal import Decimal
from functools import partial

import psycopg2
from benchparts import measuring, shop

from odoo import sql_db

from odoo.addons.loyalty_program.engine.values import Posting

BESIDE = "plain SQL"
REACH = {"posting, one card a call, ms": ("times", 3)}
CARDS = 200
ROUNDS = 9
POSTINGS = 100


def prepare_post(number, card_id):
    """Return a posting of ten points."""
    return Posting(
        card_id,
        "earn",
        Decimal(10),
        f"bench:{number}",
        base_amount=Decimal(10),
        counts_for_tier=True,
    )


def post_by_service(numbers):
    """Post with one call of the service each."""
    for number in numbers:
        card_id = cards.ids[number % CARDS]
        env["loyalty.ledger"]._post([prepare_post(number, card_id)])
        env.cr.commit()


def post_by_sql(cr, numbers):
    """Write the same rows: lock, entry, lot, balance."""
    for number in numbers:
        card_id = cards.ids[number % CARDS]
        cr.execute(
            "SELECT id FROM loyalty_card WHERE id = %s FOR NO KEY UPDATE", (card_id,)
        )
        cr.execute(
            """INSERT INTO loyalty_ledger_entry (card_id, member_card_id, program_id,
                   company_id, currency_id, entry_type, points, base_amount,
                   occurred_at, posted_at, available_on, tier_date, channel, key,
                   posted_by_id)
               VALUES (%s, %s, %s, %s, %s, 'earn', 10, 10, now(), now(), current_date,
                   current_date, 'backoffice', %s, 1)
               RETURNING id""",
            (
                card_id,
                card_id,
                program.id,
                env.company.id,
                env.company.currency_id.id,
                f"bench:sql:{number}",
            ),
        )
        entry_id = cr.fetchone()[0]
        cr.execute(
            """INSERT INTO loyalty_lot (entry_id, card_id, program_id, points,
                   remaining, state, available_on)
               VALUES (%s, %s, %s, 10, 10, 'open', current_date)""",
            (entry_id, card_id, program.id),
        )
        cr.execute(
            """UPDATE loyalty_card SET points = points + 10, ledger_points = points + 10
               WHERE id = %s""",
            (card_id,),
        )
        cr.connection.commit()


program = shop.only_program(env)
cards = env["loyalty.card"].concat(
    *(shop.member(env, program, f"Bench {number}") for number in range(CARDS))
)
cards.mapped("points")
env.cr.commit()
env["loyalty.ledger"]._post([prepare_post("warm", cards.ids[0])])
env.cr.commit()
_name, info = sql_db.connection_info_for(env.cr.dbname)
connection = psycopg2.connect(**info)
plain, service = [], []
for turn in range(ROUNDS):
    # Turn and turn about, so that a busy machine is unfair to neither.
    numbers = range(turn * POSTINGS, (turn + 1) * POSTINGS)
    plain.append(measuring.seconds(partial(post_by_sql, connection.cursor(), numbers)))
    env.cr.commit()
    service.append(measuring.seconds(partial(post_by_service, numbers)))
connection.close()
measuring.report(
    TARGET,
    {
        "posting, one card a call, ms": [
            statistics.median(spent) * 1000 / POSTINGS for spent in (plain, service)
        ],
    },
)
