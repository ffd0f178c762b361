"""Expire and release many lots, beside the plain SQL that does the same writes."""

# ruff: noqa: F821 - the shell provides `env`, `./dev bench` the constants

from benchparts import ledger, measuring, plain, shop

BESIDE = "plain SQL"
REACH = {
    "expire 1M lots, s": ("times", 2),
    "release 1M lots, s": ("times", 2),
    "expire, MB more than for 1 %": ("most", 50),
    "release, MB more than for 1 %": ("most", 50),
}
#: Two lots for each card.
CARDS = max(round(500_000 * SIZE), 500)
EXPIRED = [ledger.Round("earn", 10, 400, rest=10, expires_in=-3)] * 2
HELD = [ledger.Round("earn", 10, 20, rest=10, state="pending")] * 2


def due(rounds, count):
    """Return a programme with so many cards that have lots to deal with."""
    program = shop.only_program(env)
    ledger.fill(env, program, count, rounds)
    return program


def run(program, step):
    """Do one step of the nightly work as the cron does: a commit for each batch."""
    for _batch in step(program):
        env.cr.commit()


def compare(rounds, step, statements):
    """Return the seconds of plain SQL and of the suite, and the memory it needs more.

    The suite works first on one card in a hundred, then on all.
    """
    by_sql = due(rounds, CARDS)
    spent = measuring.seconds(lambda: plain.run(env.cr, statements, by_sql.id))
    few = due(rounds, max(CARDS // 100, 50))
    little = measuring.peak_memory(lambda: run(few, step))
    many, seconds = due(rounds, CARDS), []
    much = measuring.peak_memory(
        lambda: seconds.append(measuring.seconds(lambda: run(many, step)))
    )
    if plain.balances(env.cr, by_sql.id) != plain.balances(env.cr, many.id):
        raise SystemExit("plain SQL and the suite do not come to the same balances")
    return [spent, *seconds], much - little


service = env["loyalty.ledger"]
expire, expire_memory = compare(EXPIRED, service._run_expiry, plain.EXPIRE)
release, release_memory = compare(HELD, service._run_release, plain.RELEASE)
measuring.report(
    TARGET,
    {
        "expire 1M lots, s": expire,
        "release 1M lots, s": release,
        "expire, MB more than for 1 %": [None, expire_memory],
        "release, MB more than for 1 %": [None, release_memory],
    },
)
