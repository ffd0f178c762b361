"""Replay the tiers of all members, beside one plain GROUP BY and UPDATE."""

# ruff: noqa: F821 - the shell provides `env`, `./dev bench` the constants

from benchparts import filling, ledger, measuring, plain, shop

from odoo.tools import SQL

BESIDE = "plain SQL"
REACH = {
    "tiers, 1M members / 10M entries, s": ("times", 2),
    "tiers, 1M beside ten times 100k, s": ("times", 1.2),
    "tiers, MB more than for 10 %": ("most", 50),
    "tiers, members due again, s": ("times", 2),
}
CARDS = max(round(1_000_000 * SIZE), 1000)
#: Ten entries over three years: most members buy little, a few a lot.
SPEND = (
    "5 * (1 + mod(g::bigint * 7919, 40)) * CASE WHEN mod(g, 10) = 0 THEN 3 ELSE 1 END"
)
HISTORY = [
    *(ledger.Round("earn", 10, days, spend=SPEND) for days in (1000, 800, 600, 450)),
    ledger.Round("earn", 10, 380, spend=SPEND),
    ledger.Round("earn", 10, 250, spend=SPEND),
    ledger.Round("earn_reversal", -10, 240, reverses=5, spend=f"-({SPEND})"),
    *(ledger.Round("earn", 10, days, spend=SPEND) for days in (200, 90, 20)),
]
TABLES = ("loyalty_card", "loyalty_ledger_entry")


def requalify(program):
    """Look at everybody as the nightly work does: a commit for each batch."""
    for _batch in program._requalify_members(2000):
        env.cr.commit()
        env.invalidate_all()
    env.cr.commit()


def settle(program):
    """Give the cards that plain SQL made the tiers that their entries say."""
    steps = program._sql_tier_standings(SQL("k.program_id = %s", program.id))
    env.cr.execute(
        SQL(
            """WITH %s UPDATE loyalty_card c
               SET tier_id = s.tier_id, tier_review_on = s.review_on
               FROM standing s WHERE c.id = s.id""",
            steps,
        )
    )
    filling.tidy(env.cr, *TABLES)
    env.invalidate_all()


def rules_changed(program):
    """Look at all members because a threshold moved a little, and a few with it."""
    silver = program.tier_ids.sorted("threshold")[1]
    silver.threshold -= 5
    env.cr.commit()
    requalify(program)
    if env["loyalty.tier.recheck"].search_count([("program_id", "=", program.id)]):
        raise SystemExit("some members were not looked at")


def periods_ended(program):
    """Look at all members who have something to lose: their period has ended."""
    env.cr.execute(
        """UPDATE loyalty_card SET tier_review_on = current_date - 1
           WHERE program_id = %s AND tier_review_on IS NOT NULL""",
        (program.id,),
    )
    filling.tidy(env.cr, *TABLES)
    env.invalidate_all()
    return measuring.seconds(lambda: requalify(program))


def check(program):
    """Let the engine replay some of them."""
    cards = env["loyalty.card"].search(
        [("program_id", "=", program.id)], limit=2000, order="code desc"
    )
    for card, standing in program._replay_tiers(cards).items():
        if (card.tier_id.id or None) != standing.tier_id:
            raise SystemExit(f"card {card.id} has another tier than its entries say")


def measure(count):
    """Return (programme, seconds of plain SQL, of the suite, memory)."""
    program = shop.only_program(env)
    ledger.fill(env, program, count, HISTORY)
    by_sql = measuring.seconds(lambda: plain.tiers(env.cr, program.id))
    env.cr.rollback()
    settle(program)
    spent = []
    memory = measuring.peak_memory(
        lambda: spent.append(measuring.seconds(lambda: rules_changed(program)))
    )
    check(program)
    return program, by_sql, spent[0], memory


_few, _by_sql, tenth, little = measure(CARDS // 10)
many, by_sql, whole, much = measure(CARDS)
due = periods_ended(many)
check(many)
measuring.report(
    TARGET,
    {
        "tiers, 1M members / 10M entries, s": [by_sql, whole],
        "tiers, 1M beside ten times 100k, s": [tenth * 10, whole],
        "tiers, MB more than for 10 %": [None, much - little],
        "tiers, members due again, s": [by_sql, due],
    },
)
