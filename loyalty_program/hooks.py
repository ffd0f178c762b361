"""What happens once, when the addon comes and when it goes."""

from decimal import Decimal

from .engine.values import Posting

OPENING_BATCH = 5000


def post_init_hook(env):
    """Give every loyalty card that already has points its opening entry.

    Balances stay as they are and nobody is written to.
    """
    cards = env["loyalty.card"].with_context(active_test=False)
    # A card of the demo data has its entries already: the hook runs after them.
    domain = [
        ("program_id.program_type", "=", "loyalty"),
        ("points", "!=", 0),
        ("entry_ids", "=", False),
    ]
    last_id = 0
    while batch := cards.search(
        domain + [("id", ">", last_id)], order="id", limit=OPENING_BATCH
    ):
        last_id = batch[-1].id
        env["loyalty.ledger"]._post(
            [
                Posting(
                    card_id=card.id,
                    entry_type="opening",
                    points=Decimal(repr(card.points)),
                    key=f"opening:loyalty.card:{card.id}",
                    channel="import",
                )
                for card in batch
            ],
            notify=False,
        )


def uninstall_hook(env):
    """Drop the function behind the triggers; the tables go by themselves."""
    env.cr.execute(
        "DROP FUNCTION IF EXISTS loyalty_ledger_entry_is_append_only() CASCADE"
    )
