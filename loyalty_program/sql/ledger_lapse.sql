-- Points past their last day are not spent, whether or not the night has come by.
-- Callers: loyalty_ledger_post, loyalty_ledger_undo, loyalty.ledger.

-- The accounts that entries spend from while points of theirs are past their day; none
-- is NULL. To be asked under the locks of the accounts.
-- items: card_id is the account; spent_on the programme's day of what spends, missing
-- where nothing is spent or the caller has looked; idle_since the last day of activity
-- that is too long ago by then, where inactivity decides.
CREATE OR REPLACE FUNCTION loyalty_ledger_lapsed(items jsonb) RETURNS int[]
LANGUAGE plpgsql AS $$
BEGIN
    -- Not in plain SQL: a new database has no lots yet when this is made.
    RETURN (
        SELECT array_agg(DISTINCT r.card_id)
        FROM jsonb_to_recordset(items)
            AS r(card_id int, spent_on date, idle_since date)
        WHERE r.spent_on IS NOT NULL AND (
            EXISTS (
                SELECT FROM loyalty_lot l
                WHERE l.card_id = r.card_id AND l.state = 'open' AND l.remaining > 0
                    AND l.expires_on < r.spent_on)
            OR r.idle_since IS NOT NULL AND EXISTS (
                SELECT FROM loyalty_lot l JOIN loyalty_card c ON c.id = l.card_id
                WHERE l.card_id = r.card_id AND l.state = 'open' AND l.remaining > 0
                    AND l.expires_on IS NULL
                    AND COALESCE(c.activity_seen_on <= r.idle_since, true)))
    );
END $$;
