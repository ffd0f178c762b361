"""What happens once, when the addon comes and when it goes."""


def post_init_hook(env):
    """Give every loyalty card that already has points its opening entry.

    Balances stay as they are and nobody is written to.
    """
    programs = env["loyalty.program"].with_context(active_test=False)
    env["loyalty.ledger"]._open(programs.search([("program_type", "=", "loyalty")]))


def uninstall_hook(env):
    """Drop the function behind the triggers; the tables go by themselves."""
    env.cr.execute(
        "DROP FUNCTION IF EXISTS loyalty_ledger_entry_is_append_only() CASCADE"
    )
