-- The everyday posting: one entry for one account, see ADR 11. Callers:
-- loyalty_ledger_post.

-- Insert and book one plain entry, if its key is new. The same as loyalty_ledger_insert
-- and loyalty_ledger_book do for many, without the joins that keep many apart.
-- item: see loyalty.ledger._prepare_row.
-- Returns {posted, cards}, see these two functions.
CREATE OR REPLACE FUNCTION loyalty_ledger_post_one(item jsonb, is_busy boolean)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    r record;
    new_id int;
    gain numeric;
    gain_pending numeric := 0;
    card record;
BEGIN
    SELECT * INTO r
    FROM jsonb_to_record(item) AS t(
        card_id int, member_card_id int, program_id int, company_id int,
        currency_id int, entry_type varchar, points numeric, base_amount numeric,
        occurred_at timestamp, available_on date, tier_date date, channel varchar,
        origin_model varchar, origin_id int, key varchar, posted_by_id int,
        breakdown jsonb, expires_on date, is_pending boolean);
    INSERT INTO loyalty_ledger_entry (
        card_id, member_card_id, program_id, company_id, currency_id, entry_type,
        points, base_amount, occurred_at, posted_at, available_on, tier_date, channel,
        origin_model, origin_id, key, posted_by_id, breakdown)
    VALUES (
        r.card_id, r.member_card_id, r.program_id, r.company_id, r.currency_id,
        r.entry_type, r.points, r.base_amount, r.occurred_at,
        now() AT TIME ZONE 'UTC', r.available_on, r.tier_date, r.channel,
        r.origin_model, r.origin_id, r.key, r.posted_by_id,
        NULLIF(r.breakdown, 'null'::jsonb))
    ON CONFLICT (key) DO NOTHING
    RETURNING id INTO new_id;
    IF new_id IS NULL THEN
        RETURN '{"posted": [], "cards": []}';
    END IF;
    IF is_busy THEN
        INSERT INTO loyalty_ledger_queue (entry_id, card_id, is_pending, expires_on)
        VALUES (new_id, r.card_id, r.is_pending, r.expires_on);
    ELSIF r.points <> 0 THEN
        INSERT INTO loyalty_lot (entry_id, card_id, program_id, points, remaining,
            state, available_on, expires_on)
        VALUES (new_id, r.card_id, r.program_id, r.points, r.points,
            CASE WHEN r.is_pending THEN 'pending' ELSE 'open' END,
            r.available_on, r.expires_on);
        gain := CASE WHEN r.is_pending THEN 0 ELSE r.points END;
        gain_pending := r.points - gain;
        UPDATE loyalty_card c
        SET points = COALESCE(c.ledger_points, 0) + gain,
            ledger_points = COALESCE(c.ledger_points, 0) + gain,
            points_pending = COALESCE(c.points_pending, 0) + gain_pending
        WHERE c.id = r.card_id
        RETURNING c.points - gain AS before, c.points, c.points_pending, EXISTS (
            SELECT FROM loyalty_mail m WHERE m.program_id = c.program_id
                AND m.trigger = 'points_reach' AND m.active) AS has_mail
        INTO card;
        UPDATE loyalty_card c
        SET points = COALESCE(c.ledger_points, 0) + gain,
            ledger_points = COALESCE(c.ledger_points, 0) + gain,
            points_pending = COALESCE(c.points_pending, 0) + gain_pending
        WHERE c.account_id = r.card_id;
        IF r.points < 0 OR card.before < 0 THEN
            PERFORM loyalty_ledger_settle(ARRAY[r.card_id]);
        END IF;
        RETURN jsonb_build_object(
            'posted', jsonb_build_array(
                jsonb_build_array(new_id, r.member_card_id, r.card_id)),
            'cards', jsonb_build_array(jsonb_build_array(r.card_id, card.before,
                card.points, card.points_pending, card.has_mail)));
    END IF;
    RETURN jsonb_build_object('cards', '[]'::jsonb, 'posted', jsonb_build_array(
        jsonb_build_array(new_id, r.member_card_id, r.card_id)));
END $$;
