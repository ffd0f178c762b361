"""Prove all balances, beside the same checks in one plain statement each."""

# ruff: noqa: F821 - the shell provides `env`, `./dev bench` the constants

from benchparts import ledger, measuring, plain, shop

BESIDE = "plain SQL"
REACH = {
    "audit 1M cards / 10M entries, s": ("times", 2),
    "audit, MB more than for 1 %": ("most", 50),
}
CARDS = max(round(1_000_000 * SIZE), 1000)


def run():
    """Run the audit as the cron does: a commit for each part."""
    for _left in env["loyalty.audit"]._run():
        env.cr.commit()
    env.cr.commit()
    audit = env["loyalty.audit"].search([], limit=1)
    if audit.state != "done" or audit.difference_count:
        raise SystemExit("the audit found differences in a ledger that has none")


program = shop.only_program(env)
ledger.fill(env, program, CARDS // 100, ledger.HISTORY)
little = measuring.peak_memory(run)
ledger.fill(env, program, CARDS - CARDS // 100, ledger.HISTORY)
by_sql = measuring.seconds(lambda: plain.check(env.cr))
seconds = []
much = measuring.peak_memory(lambda: seconds.append(measuring.seconds(run)))
measuring.report(
    TARGET,
    {
        "audit 1M cards / 10M entries, s": [by_sql, *seconds],
        "audit, MB more than for 1 %": [None, much - little],
    },
)
