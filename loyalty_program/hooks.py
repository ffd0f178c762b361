"""What happens once, when the addon comes and when it goes."""


def post_init_hook(env):
    """Give every loyalty card that already has points its opening entry.

    Balances stay as they are and nobody is written to.
    """
    programs = env["loyalty.program"].with_context(active_test=False)
    env["loyalty.ledger"]._open(programs.search([("program_type", "=", "loyalty")]))


def uninstall_hook(env):
    """Drop the functions and their triggers; the tables go by themselves."""
    env.cr.execute(
        """
        DO $$
        DECLARE
            routine regprocedure;
        BEGIN
            FOR routine IN
                SELECT oid::regprocedure FROM pg_proc
                WHERE proname LIKE 'loyalty\\_ledger\\_%'
                    OR proname = 'loyalty_card_balance_is_the_ledgers'
            LOOP
                EXECUTE 'DROP FUNCTION ' || routine || ' CASCADE';
            END LOOP;
        END $$
        """
    )
