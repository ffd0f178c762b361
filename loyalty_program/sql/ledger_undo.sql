-- Entries that undo or move others: they find the lots that they belong to, and the
-- rest is settled as ever, see ADR 11. Callers: loyalty.ledger.

-- A loss that names a lot takes these very points, pending or not; several
-- losses of one lot stand in line.
CREATE OR REPLACE FUNCTION loyalty_ledger_take_lots(entries int[], items jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH demand AS (
        SELECT d.id, d.entry_id, k.lot_id,
            SUM(-d.remaining) OVER w + d.remaining AS low,
            SUM(-d.remaining) OVER w AS high
        FROM loyalty_ledger_entry e
        JOIN loyalty_lot d ON d.entry_id = e.id AND d.remaining < 0
        JOIN (SELECT DISTINCT ON (key) key, lot_id
              FROM jsonb_to_recordset(items) AS r(number int, key varchar, lot_id int)
              ORDER BY key, number) k ON k.key = e.key
        WHERE e.id = ANY(entries) AND k.lot_id IS NOT NULL
        WINDOW w AS (PARTITION BY k.lot_id ORDER BY d.id)
    ), pair AS (
        SELECT l.id AS lot_id, d.id AS debit_id, d.entry_id,
            LEAST(l.remaining, d.high) - d.low AS taken
        FROM demand d JOIN loyalty_lot l ON l.id = d.lot_id
        WHERE l.remaining > d.low
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

-- Entries and what took their reversals back: that gave, or spent, the same anew.
CREATE OR REPLACE FUNCTION loyalty_ledger_family(roots int[])
RETURNS TABLE (root_id int, entry_id int) LANGUAGE sql STABLE AS $$
    SELECT root, root FROM unnest(roots) AS root
    UNION
    SELECT undone.reverses_id, again.id
    FROM loyalty_ledger_entry undone
    JOIN loyalty_ledger_entry again ON again.reverses_id = undone.id
    WHERE undone.reverses_id = ANY(roots)
$$;

-- What was spent comes back, the whole or a part: first what is still
-- owed for it, then the points with the expiry they had, the longest first.
-- What earlier returns gave back is not given again, unless their own reversals
-- took it again: that is spent anew. Points that are taken back
-- from a customer by a reversal, and given again by its reversal, are pending
-- as long as the lot that they came from. What lapsed meanwhile gets the days that it
-- had left when it was spent: the clock stood still.
DROP FUNCTION IF EXISTS loyalty_ledger_return_lots(int[]);
CREATE OR REPLACE FUNCTION loyalty_ledger_return_lots(entries int[], items jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH back AS (
        SELECT e.id AS entry_id, e.card_id, e.program_id, e.points, e.available_on,
            e.reverses_id, k.today, k.today - (
                o.occurred_at AT TIME ZONE 'UTC' AT TIME ZONE k.zone)::date AS away,
            SUM(e.points) OVER w - e.points AS low, SUM(e.points) OVER w AS high
        FROM loyalty_ledger_entry e
        JOIN loyalty_ledger_entry o ON o.id = e.reverses_id
        JOIN (SELECT DISTINCT ON (key) key, today, zone
              FROM jsonb_to_recordset(items)
                  AS r(number int, key varchar, today date, zone varchar)
              ORDER BY key, number) k ON k.key = e.key
        WHERE e.id = ANY(entries) AND e.points > 0
        WINDOW w AS (PARTITION BY e.reverses_id ORDER BY e.id)
    ), spender AS (
        SELECT root_id AS spent_id, entry_id
        FROM loyalty_ledger_family(ARRAY(SELECT reverses_id FROM back))
    ), moved AS (
        SELECT s.spent_id, l.expires_on, l.state, u.points
        FROM spender s
        JOIN loyalty_lot_use u ON u.entry_id = s.entry_id
        JOIN loyalty_lot l ON l.id = u.lot_id
        UNION ALL
        SELECT e.reverses_id, l.spent_expiry, l.state, -l.points
        FROM loyalty_ledger_entry e JOIN loyalty_lot l ON l.entry_id = e.id
        WHERE e.reverses_id IN (SELECT reverses_id FROM back) AND l.points > 0
    ), spent AS (
        SELECT s.spent_id, l.id AS debit_id, NULL::date AS expires_on,
            NULL AS state, -l.remaining AS points
        FROM spender s JOIN loyalty_lot l ON l.entry_id = s.entry_id
        WHERE l.remaining < 0
        UNION ALL
        SELECT spent_id, NULL, expires_on, state, SUM(points)
        FROM moved GROUP BY spent_id, expires_on, state HAVING SUM(points) > 0
    ), laid AS (
        SELECT spent_id, debit_id, expires_on, state,
            SUM(points) OVER w - points AS low, SUM(points) OVER w AS high
        FROM spent
        WINDOW w AS (PARTITION BY spent_id
            ORDER BY debit_id NULLS LAST, expires_on DESC NULLS FIRST, state)
    ), part AS (
        SELECT b.entry_id, s.debit_id, s.expires_on, s.state,
            LEAST(b.high, s.high) - GREATEST(b.low, s.low) AS points
        FROM back b JOIN laid s ON s.spent_id = b.reverses_id
            AND s.low < b.high AND b.low < s.high
    ), paid AS (
        UPDATE loyalty_lot l SET remaining = l.remaining + p.points
        FROM (SELECT debit_id, SUM(points) AS points FROM part
              WHERE debit_id IS NOT NULL GROUP BY debit_id) p
        WHERE l.id = p.debit_id
    )
    INSERT INTO loyalty_lot (entry_id, card_id, program_id, points,
        remaining, state, available_on, spent_expiry, expires_on)
    SELECT b.entry_id, b.card_id, b.program_id, p.points, p.points, p.state,
        b.available_on, p.expires_on, CASE WHEN p.expires_on < b.today
            THEN GREATEST(b.today, p.expires_on + b.away) ELSE p.expires_on END
    FROM part p JOIN back b USING (entry_id)
    WHERE p.debit_id IS NULL;
END $$;

-- An undone earning takes its own lots first, pending or not, those that it
-- got back included; several undone parts of one earning are laid end to end. Only
-- lots of the very account: after a split the parts of one lie on two.
CREATE OR REPLACE FUNCTION loyalty_ledger_pair_reversals(entries int[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH demand AS (
        SELECT d.id, d.entry_id, d.card_id, e.reverses_id,
            SUM(-d.remaining) OVER w + d.remaining AS low,
            SUM(-d.remaining) OVER w AS high
        FROM loyalty_ledger_entry e
        JOIN loyalty_lot d ON d.entry_id = e.id AND d.remaining < 0
        WHERE e.id = ANY(entries) AND e.reverses_id IS NOT NULL
        WINDOW w AS (PARTITION BY e.reverses_id, d.card_id ORDER BY d.id)
    ), supply AS (
        SELECT l.id, l.card_id, f.root_id,
            SUM(l.remaining) OVER w - l.remaining AS low,
            SUM(l.remaining) OVER w AS high
        FROM loyalty_ledger_family(ARRAY(SELECT reverses_id FROM demand)) f
        JOIN loyalty_lot l USING (entry_id)
        WHERE l.remaining > 0
        WINDOW w AS (PARTITION BY f.root_id, l.card_id ORDER BY l.id)
    ), pair AS (
        SELECT s.id AS lot_id, d.id AS debit_id, d.entry_id,
            LEAST(s.high, d.high) - GREATEST(s.low, d.low) AS taken
        FROM supply s
        JOIN demand d ON d.reverses_id = s.root_id AND d.card_id = s.card_id
            AND s.low < d.high AND d.low < s.high
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

-- Post entries of any kind, under the locks of their accounts, and tell the balances.
-- accounts: whose balances they change, by their ids.
-- Returns the same as loyalty_ledger_post, which tells of lapsed points as well.
CREATE OR REPLACE FUNCTION loyalty_ledger_undo(items jsonb, accounts int[])
RETURNS jsonb LANGUAGE plpgsql SET plan_cache_mode = 'force_generic_plan' AS $$
DECLARE
    entries int[];
    folded int[];
    before jsonb;
    posted jsonb;
    cards jsonb := '[]';
    lapsed int[];
BEGIN
    folded := loyalty_ledger_lock(accounts);
    lapsed := loyalty_ledger_lapsed(items);
    IF lapsed IS NOT NULL THEN
        RETURN jsonb_build_object('lapsed', to_jsonb(lapsed),
            'folded', to_jsonb(folded));
    END IF;
    SELECT jsonb_object_agg(id, COALESCE(points, 0)) INTO before
    FROM loyalty_card WHERE id = ANY(accounts);
    posted := loyalty_ledger_insert(items, '{}');
    IF posted <> '[]' THEN
        entries := ARRAY(SELECT (p->>0)::int FROM jsonb_array_elements(posted) AS p);
        IF EXISTS (SELECT FROM jsonb_array_elements(items) AS r
                   WHERE r->>'lot_id' IS NOT NULL) THEN
            PERFORM loyalty_ledger_take_lots(entries, items);
        END IF;
        IF EXISTS (SELECT FROM jsonb_array_elements(items) AS r
                   WHERE r->>'reverses_id' IS NOT NULL) THEN
            PERFORM loyalty_ledger_return_lots(entries, items);
            PERFORM loyalty_ledger_pair_reversals(entries);
        END IF;
        PERFORM loyalty_ledger_settle(accounts);
        PERFORM loyalty_ledger_refresh(accounts);
        SELECT jsonb_agg(jsonb_build_array(c.id, before->(c.id::text), c.points,
            c.points_pending, EXISTS (
                SELECT FROM loyalty_mail m WHERE m.program_id = c.program_id
                    AND m.trigger = 'points_reach' AND m.active)))
        INTO cards FROM loyalty_card c WHERE c.id = ANY(accounts);
    END IF;
    RETURN jsonb_build_object('posted', posted, 'busy', '[]'::jsonb,
        'folded', to_jsonb(folded), 'earlier', '{}'::jsonb, 'cards', cards);
END $$;
