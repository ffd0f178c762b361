-- One posting is one call: lock, insert, lots, settle and balances, see ADR 11 and 12.
-- Callers: loyalty.ledger. All functions run in the caller's transaction.

-- Pay demands from lots, the soonest to expire first. Both sides are laid end to end;
-- where they overlap, a lot pays a demand. The order is engine.lots.spending_order.
CREATE OR REPLACE FUNCTION loyalty_ledger_settle(accounts int[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM loyalty_lot
                   WHERE card_id = ANY(accounts) AND remaining < 0) THEN
        RETURN;
    END IF;
    WITH supply AS (
        SELECT id, card_id, SUM(remaining) OVER w - remaining AS low,
            SUM(remaining) OVER w AS high
        FROM loyalty_lot
        WHERE card_id = ANY(accounts) AND state = 'open' AND remaining > 0
        WINDOW w AS (PARTITION BY card_id ORDER BY expires_on NULLS LAST, id)
    ), demand AS (
        SELECT id, entry_id, card_id, SUM(-remaining) OVER w + remaining AS low,
            SUM(-remaining) OVER w AS high
        FROM loyalty_lot
        WHERE card_id = ANY(accounts) AND state = 'open' AND remaining < 0
        WINDOW w AS (PARTITION BY card_id ORDER BY id)
    ), pair AS (
        SELECT s.id AS lot_id, d.id AS debit_id, d.entry_id,
            LEAST(s.high, d.high) - GREATEST(s.low, d.low) AS taken
        FROM supply s
        JOIN demand d ON d.card_id = s.card_id AND s.low < d.high AND d.low < s.high
    ), used AS (
        INSERT INTO loyalty_lot_use (lot_id, entry_id, points)
        SELECT lot_id, entry_id, taken FROM pair
    )
    UPDATE loyalty_lot l SET remaining = l.remaining + c.delta
    FROM (SELECT lot_id AS id, -SUM(taken) AS delta FROM pair GROUP BY lot_id
          UNION ALL
          SELECT debit_id, SUM(taken) FROM pair GROUP BY debit_id) c
    WHERE l.id = c.id;
END $$;

-- Copy the balance of accounts to the cards of their members.
CREATE OR REPLACE FUNCTION loyalty_ledger_copy(accounts int[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE loyalty_card m
    SET points = a.points, points_pending = a.points_pending,
        ledger_points = a.ledger_points
    FROM loyalty_card a
    WHERE m.account_id = a.id AND m.account_id = ANY(accounts);
END $$;

-- Bring the balances of accounts, and the copies at their members, up to the lots.
CREATE OR REPLACE FUNCTION loyalty_ledger_refresh(accounts int[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE loyalty_card c
    SET points = t.spendable, ledger_points = t.spendable, points_pending = t.pending
    FROM (
        SELECT k.id,
            COALESCE(SUM(l.remaining) FILTER (WHERE l.state = 'open'), 0)
                AS spendable,
            COALESCE(SUM(l.remaining) FILTER (WHERE l.state = 'pending'), 0)
                AS pending
        FROM unnest(accounts) AS k(id)
        LEFT JOIN loyalty_lot l ON l.card_id = k.id AND l.remaining <> 0
        GROUP BY k.id
    ) t
    WHERE c.id = t.id;
    PERFORM loyalty_ledger_copy(accounts);
END $$;

-- Turn queued entries of locked accounts into lots; the members whom it concerns.
CREATE OR REPLACE FUNCTION loyalty_ledger_fold(accounts int[]) RETURNS int[]
LANGUAGE plpgsql AS $$
DECLARE
    folded int[];
    members int[];
BEGIN
    WITH taken AS (
        DELETE FROM loyalty_ledger_queue WHERE card_id = ANY(accounts)
        RETURNING entry_id, is_pending, expires_on
    ), lot AS (
        INSERT INTO loyalty_lot (entry_id, card_id, program_id, points, remaining,
            state, available_on, expires_on)
        SELECT e.id, e.card_id, e.program_id, e.points, e.points,
            CASE WHEN t.is_pending THEN 'pending' ELSE 'open' END,
            e.available_on, t.expires_on
        FROM taken t JOIN loyalty_ledger_entry e ON e.id = t.entry_id
        WHERE e.points <> 0
        ORDER BY e.id
    )
    SELECT array_agg(DISTINCT e.card_id), array_agg(DISTINCT e.member_card_id)
    INTO folded, members
    FROM taken t JOIN loyalty_ledger_entry e ON e.id = t.entry_id;
    IF folded IS NOT NULL THEN
        PERFORM loyalty_ledger_settle(folded);
        PERFORM loyalty_ledger_refresh(folded);
    END IF;
    RETURN COALESCE(members, '{}');
END $$;

-- Lock accounts in the order of their ids and fold what is queued for them.
CREATE OR REPLACE FUNCTION loyalty_ledger_lock(accounts int[]) RETURNS int[]
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM loyalty_card WHERE id = ANY(accounts)
    ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM loyalty_ledger_queue WHERE card_id = ANY(accounts)) THEN
        RETURN loyalty_ledger_fold(accounts);
    END IF;
    RETURN '{}';
END $$;

-- Lock the accounts that nobody else works on, without waiting; the busy ones.
CREATE OR REPLACE FUNCTION loyalty_ledger_try_lock(accounts int[]) RETURNS int[]
LANGUAGE plpgsql AS $$
DECLARE
    account int;
    busy int[] := '{}';
BEGIN
    FOREACH account IN ARRAY accounts LOOP
        BEGIN
            PERFORM FROM loyalty_card WHERE id = account FOR NO KEY UPDATE NOWAIT;
        EXCEPTION WHEN lock_not_available OR serialization_failure THEN
            busy := busy || account;
        END;
    END LOOP;
    RETURN busy;
END $$;

-- Insert entries, each key once, with their lots, or queued where the account is busy.
-- items: see loyalty.ledger._prepare_row. Returns [[entry, member, account], ...].
-- A reversal counts for the tier on the days of what it reverses, so that the two
-- cancel out whatever the window. Returned redemptions get no lot here, they get back
-- what they had consumed.
CREATE OR REPLACE FUNCTION loyalty_ledger_insert(items jsonb, busy int[]) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    posted jsonb;
BEGIN
    WITH item AS (
        SELECT DISTINCT ON (r.key) r.*
        FROM jsonb_to_recordset(items) AS r(
            number int, card_id int, member_card_id int, program_id int,
            company_id int, currency_id int, entry_type varchar, points numeric,
            base_amount numeric, occurred_at timestamp, available_on date,
            tier_date date, channel varchar, origin_model varchar, origin_id int,
            key varchar, reverses_id int, posted_by_id int, breakdown jsonb,
            expires_on date, is_pending boolean)
        ORDER BY r.key, r.number
    ), entry AS (
        INSERT INTO loyalty_ledger_entry (
            card_id, member_card_id, program_id, company_id, currency_id,
            entry_type, points, base_amount, occurred_at, posted_at,
            available_on, tier_date, channel, origin_model, origin_id, key,
            reverses_id, posted_by_id, breakdown)
        SELECT r.card_id, r.member_card_id, r.program_id, r.company_id,
            r.currency_id, r.entry_type, r.points, r.base_amount, r.occurred_at,
            now() AT TIME ZONE 'UTC', COALESCE(o.available_on, r.available_on),
            CASE WHEN o.id IS NULL THEN r.tier_date ELSE o.tier_date END,
            r.channel, r.origin_model, r.origin_id, r.key, r.reverses_id,
            r.posted_by_id, NULLIF(r.breakdown, 'null'::jsonb)
        FROM item r
        LEFT JOIN loyalty_ledger_entry o ON o.id = r.reverses_id
        ORDER BY r.number
        ON CONFLICT (key) DO NOTHING
        RETURNING id, key, card_id, member_card_id, program_id, points,
            available_on, reverses_id
    ), lot AS (
        INSERT INTO loyalty_lot (entry_id, card_id, program_id, points, remaining,
            state, available_on, expires_on)
        SELECT e.id, e.card_id, e.program_id, e.points, e.points,
            CASE WHEN r.is_pending THEN 'pending' ELSE 'open' END,
            e.available_on, r.expires_on
        FROM entry e JOIN item r USING (key)
        WHERE e.points <> 0 AND NOT (e.points > 0 AND e.reverses_id IS NOT NULL)
            AND e.card_id <> ALL(busy)
        ORDER BY e.id
    ), queued AS (
        INSERT INTO loyalty_ledger_queue (entry_id, card_id, is_pending, expires_on)
        SELECT e.id, e.card_id, r.is_pending, r.expires_on
        FROM entry e JOIN item r USING (key)
        WHERE e.card_id = ANY(busy)
    )
    SELECT COALESCE(
        jsonb_agg(jsonb_build_array(id, member_card_id, card_id) ORDER BY id), '[]')
    INTO posted FROM entry;
    RETURN posted;
END $$;

-- Add freshly inserted plain entries to the balances of their accounts, and to the
-- copies at the members of these.
-- Returns [[card, points before, points, pending, whether a mail waits], ...].
DROP FUNCTION IF EXISTS loyalty_ledger_book(jsonb);
CREATE OR REPLACE FUNCTION loyalty_ledger_book(entries int[]) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    needy int[];
    cards jsonb;
BEGIN
    WITH delta AS (
        SELECT l.card_id,
            COALESCE(SUM(l.points) FILTER (WHERE l.state = 'open'), 0) AS spendable,
            COALESCE(SUM(l.points) FILTER (WHERE l.state = 'pending'), 0) AS pending,
            bool_or(l.points < 0) AS is_spending
        FROM loyalty_lot l
        WHERE l.entry_id = ANY(entries)
        GROUP BY l.card_id
    ), target AS (
        SELECT d.card_id AS id, d.* FROM delta d
        UNION ALL
        SELECT m.id, d.* FROM delta d JOIN loyalty_card m ON m.account_id = d.card_id
    ), changed AS (
        UPDATE loyalty_card c
        SET points = COALESCE(c.ledger_points, 0) + t.spendable,
            ledger_points = COALESCE(c.ledger_points, 0) + t.spendable,
            points_pending = COALESCE(c.points_pending, 0) + t.pending
        FROM target t
        WHERE c.id = t.id
        RETURNING c.id, t.card_id, c.program_id, c.points - t.spendable AS before,
            c.points, c.points_pending, t.is_spending
    )
    SELECT array_agg(id) FILTER (WHERE is_spending OR before < 0),
        jsonb_agg(jsonb_build_array(id, before, points, points_pending,
            EXISTS (SELECT FROM loyalty_mail m WHERE m.program_id = changed.program_id
                    AND m.trigger = 'points_reach' AND m.active)))
    INTO needy, cards FROM changed WHERE id = card_id;
    IF needy IS NOT NULL THEN
        PERFORM loyalty_ledger_settle(needy);
    END IF;
    RETURN COALESCE(cards, '[]');
END $$;

-- Post plain entries, which earn or spend and undo nothing, and tell the balances.
-- accounts: whose balances they change, by their ids.
-- may_queue: whether entries for a busy account may wait in the queue.
-- members, firsts, today: of whom to tell the most that counts, see
-- loyalty_tier_ceiling.
-- Posts nothing, and returns {lapsed, folded}, where somebody spends from accounts with
-- points past their last day: these are to lapse first.
DROP FUNCTION IF EXISTS loyalty_ledger_post(jsonb, boolean);
CREATE OR REPLACE FUNCTION loyalty_ledger_post(
    items jsonb, accounts int[], may_queue boolean, members int[], firsts date[],
    today date)
RETURNS jsonb LANGUAGE plpgsql SET plan_cache_mode = 'force_generic_plan' AS $$
DECLARE
    busy int[] := '{}';
    folded int[] := '{}';
    earlier jsonb := '{}';
    posted jsonb;
    cards jsonb := '[]';
    most jsonb := '[]';
    booked jsonb;
    lapsed int[];
BEGIN
    IF may_queue THEN
        busy := loyalty_ledger_try_lock(accounts);
        IF busy <> '{}' THEN
            accounts := ARRAY(SELECT a FROM unnest(accounts) AS a WHERE a <> ALL(busy)
                              ORDER BY a);
        END IF;
    END IF;
    IF NOT may_queue
            OR EXISTS (SELECT FROM loyalty_ledger_queue WHERE card_id = ANY(accounts))
    THEN
        SELECT COALESCE(jsonb_object_agg(id, points), '{}') INTO earlier
        FROM loyalty_card WHERE id = ANY(accounts);
        folded := loyalty_ledger_lock(accounts);
    END IF;
    IF NOT may_queue THEN
        lapsed := loyalty_ledger_lapsed(items);
        IF lapsed IS NOT NULL THEN
            RETURN jsonb_build_object('lapsed', to_jsonb(lapsed),
                'folded', to_jsonb(folded));
        END IF;
    END IF;
    IF jsonb_array_length(items) = 1 THEN
        booked := loyalty_ledger_post_one(items->0, busy <> '{}');
    ELSE
        posted := loyalty_ledger_insert(items, busy);
        IF posted <> '[]' THEN
            cards := loyalty_ledger_book(
                ARRAY(SELECT (p->>0)::int FROM jsonb_array_elements(posted) AS p));
        END IF;
        booked := jsonb_build_object('posted', posted, 'cards', cards);
    END IF;
    IF members <> '{}' THEN
        SELECT jsonb_agg(jsonb_build_array(c.card_id, c.spend, c.points, c.entries))
        INTO most FROM loyalty_tier_ceiling(members, firsts, today) AS c;
    END IF;
    RETURN booked || jsonb_build_object('busy', to_jsonb(busy),
        'folded', to_jsonb(folded), 'earlier', earlier, 'most', most);
END $$;
