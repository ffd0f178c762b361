"""What happens once, when the addon comes and when it goes."""

from odoo.fields import Domain

#: Programmes that give to whoever buys: nobody holds points or money in them.
PROMOTIONS = ("buy_x_get_y", "next_order_coupons", "promo_code", "promotion")


def post_init_hook(env):
    """Give every loyalty card that already has points its opening entry.

    Balances stay as they are and nobody is written to.
    """
    programs = env["loyalty.program"].with_context(active_test=False)
    env["loyalty.ledger"]._open(programs.search([("program_type", "=", "loyalty")]))


def uninstall_hook(env):
    """Drop what SQL made and leave the balances; the tables go by themselves."""
    _put_away_limited(env)
    env.cr.execute(
        """
        DO $$
        DECLARE
            routine regprocedure;
        BEGIN
            FOR routine IN
                SELECT oid::regprocedure FROM pg_proc
                WHERE proname LIKE 'loyalty\\_ledger\\_%'
                    OR proname LIKE 'loyalty\\_tier\\_%'
                    OR proname = 'loyalty_card_balance_is_the_ledgers'
            LOOP
                EXECUTE 'DROP FUNCTION ' || routine || ' CASCADE';
            END LOOP;
        END $$
        """
    )
    _leave_balances(env)
    # Odoo deletes the reasons and types that came as data before these tables, and
    # would log what it cannot delete.
    env.cr.execute("TRUNCATE loyalty_adjustment, loyalty_event CASCADE")


def _put_away_limited(env):
    """Archive what is for some customers: Odoo would give it to everybody."""
    limited = Domain("audience_tier_ids", "!=", False)
    limited |= Domain("audience_segment_ids", "!=", False)
    promotions = limited & Domain("program_type", "in", PROMOTIONS)
    env["loyalty.program"].search(promotions).active = False
    for name in ("loyalty.rule", "loyalty.reward"):
        env[name].search(limited).active = False


def _leave_balances(env):
    """Leave each card with all that its entries say, for Odoo's own engine.

    What was pending, or still waits in a queue, is the customer's and becomes
    spendable. Odoo knows no copies of a balance: a pool's points go to its owner, and
    the cards of the other members keep none.
    """
    env.flush_all()
    # SQL: below every door; the ledger, which would object, is going.
    env.cr.execute(
        """
        UPDATE loyalty_card c SET points = e.points
        FROM (SELECT card_id, SUM(points) AS points
              FROM loyalty_ledger_entry GROUP BY card_id) e
        WHERE e.card_id = c.id AND c.account_id IS NULL
            AND c.points IS DISTINCT FROM e.points
        """
    )
    env.cr.execute(
        """
        UPDATE loyalty_card SET points = 0
        WHERE account_id IS NOT NULL AND points <> 0
        """
    )
    env.cr.execute(
        """
        WITH pool AS (
            SELECT p.owner_id, p.account_id, a.points
            FROM loyalty_pool p JOIN loyalty_card a ON a.id = p.account_id
            WHERE p.owner_id IS NOT NULL
        )
        UPDATE loyalty_card c
        SET points = CASE WHEN c.id = pool.owner_id THEN pool.points ELSE 0 END
        FROM pool
        WHERE c.id IN (pool.owner_id, pool.account_id)
        """
    )
    env.invalidate_all(flush=False)
