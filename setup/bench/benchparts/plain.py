"""What the suite's batches do, as plain set-based SQL: the mark to measure by."""

EXPIRE = (
    """
    INSERT INTO loyalty_ledger_entry (card_id, member_card_id, program_id, company_id,
        currency_id, entry_type, points, base_amount, occurred_at, posted_at,
        available_on, channel, key, posted_by_id)
    SELECT l.card_id, l.card_id, l.program_id, e.company_id, e.currency_id, 'expire',
        -l.remaining, 0, l.expires_on, now(), l.expires_on, 'backoffice',
        'expired:' || l.id, 1
    FROM loyalty_lot l JOIN loyalty_ledger_entry e ON e.id = l.entry_id
    WHERE l.program_id = %(program)s AND l.state = 'open' AND l.remaining > 0
        AND l.expires_on < current_date
    """,
    """
    INSERT INTO loyalty_lot_use (lot_id, entry_id, points)
    SELECT l.id, e.id, l.remaining
    FROM loyalty_lot l JOIN loyalty_ledger_entry e ON e.key = 'expired:' || l.id
    WHERE l.program_id = %(program)s AND l.remaining > 0
    """,
    """
    UPDATE loyalty_lot SET remaining = 0
    WHERE program_id = %(program)s AND state = 'open' AND remaining > 0
        AND expires_on < current_date
    """,
)

RELEASE = (
    """
    UPDATE loyalty_lot SET state = 'open'
    WHERE program_id = %(program)s AND state = 'pending'
        AND available_on <= current_date
    """,
)

BALANCES = """
    UPDATE loyalty_card c SET points = COALESCE(t.points, 0),
        ledger_points = COALESCE(t.points, 0), points_pending = COALESCE(t.pending, 0)
    FROM loyalty_card k
    LEFT JOIN (
        SELECT card_id, SUM(remaining) FILTER (WHERE state = 'open') AS points,
            SUM(remaining) FILTER (WHERE state = 'pending') AS pending
        FROM loyalty_lot WHERE program_id = %(program)s AND remaining <> 0
        GROUP BY card_id
    ) t ON t.card_id = k.id
    WHERE c.id = k.id AND k.program_id = %(program)s
"""

CHECKS = (
    """
    SELECT c.id FROM loyalty_card c
    LEFT JOIN (SELECT card_id, SUM(points) AS points FROM loyalty_ledger_entry
               GROUP BY card_id) e ON e.card_id = c.id
    LEFT JOIN (SELECT card_id, SUM(remaining) FILTER (WHERE state = 'open') AS points,
                   SUM(remaining) FILTER (WHERE state = 'pending') AS pending
               FROM loyalty_lot WHERE remaining <> 0 GROUP BY card_id) l
        ON l.card_id = c.id
    WHERE c.points <> COALESCE(l.points, 0)
        OR c.points_pending <> COALESCE(l.pending, 0)
        OR c.points + c.points_pending <> COALESCE(e.points, 0)
    """,
    """
    SELECT e.id FROM loyalty_ledger_entry e
    LEFT JOIN (SELECT entry_id, SUM(points) AS points, SUM(remaining) AS remaining
               FROM loyalty_lot GROUP BY entry_id) l ON l.entry_id = e.id
    LEFT JOIN (SELECT entry_id, SUM(points) AS points FROM loyalty_lot_use
               GROUP BY entry_id) u ON u.entry_id = e.id
    LEFT JOIN (SELECT reverses_id, SUM(points) AS points FROM loyalty_ledger_entry
               WHERE reverses_id IS NOT NULL GROUP BY reverses_id) r
        ON r.reverses_id = e.id
    WHERE (e.points > 0 AND l.points IS DISTINCT FROM e.points)
        OR (e.points < 0
            AND COALESCE(u.points, 0) - COALESCE(l.remaining, 0) <> -e.points)
        OR ABS(r.points) > ABS(e.points)
    """,
    """
    SELECT l.id FROM loyalty_lot l
    LEFT JOIN (SELECT lot_id, SUM(points) AS points FROM loyalty_lot_use
               GROUP BY lot_id) u ON u.lot_id = l.id
    WHERE l.points > 0 AND l.remaining <> l.points - COALESCE(u.points, 0)
    """,
)

TIERS = """
    UPDATE loyalty_card c SET tier_since = current_date, tier_id = (
        SELECT t.id FROM loyalty_tier t
        WHERE t.program_id = c.program_id AND t.threshold <= s.spend
        ORDER BY t.threshold DESC LIMIT 1)
    FROM (SELECT member_card_id, SUM(base_amount) AS spend
          FROM loyalty_ledger_entry
          WHERE program_id = %(program)s AND tier_date >= current_date - 365
            AND available_on <= current_date
          GROUP BY member_card_id) s
    WHERE c.id = s.member_card_id
"""


def run(cr, statements, program_id):
    """Do the writes for one programme in one transaction."""
    for statement in (*statements, BALANCES):
        cr.execute(statement, {"program": program_id})
    cr.commit()


def tiers(cr, program_id):
    """Give each member the tier of the last twelve months: no periods, no path."""
    cr.execute(TIERS, {"program": program_id})


def balances(cr, program_id):
    """Return the sums of the balances of a programme's cards."""
    cr.execute(
        """SELECT SUM(points), SUM(points_pending) FROM loyalty_card
           WHERE program_id = %s AND code LIKE 'bench-%%'""",
        (program_id,),
    )
    return cr.fetchone()


def check(cr):
    """Run all checks over all rows."""
    for statement in CHECKS:
        cr.execute(statement)
        if cr.fetchone():
            raise SystemExit("plain SQL found a difference in a ledger that has none")
    cr.rollback()
