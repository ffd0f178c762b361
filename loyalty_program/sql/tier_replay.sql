-- The twin of engine/tier_path.py: the same facts give the same standing, see ADR 25.
-- Callers: loyalty.program._query_tier_standings. Pure functions of their arguments.

CREATE OR REPLACE FUNCTION loyalty_tier_period_start(span text, day date, joined date)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE span
        WHEN 'year' THEN make_date(date_part('year', day)::int, 1, 1)
        WHEN 'rolling' THEN date_trunc('month', day::timestamp)::date
        WHEN 'anniversary' THEN
            CASE WHEN (joined + make_interval(years => (
                    date_part('year', day) - date_part('year', joined))::int))::date
                    <= day
                THEN (joined + make_interval(years => (
                    date_part('year', day) - date_part('year', joined))::int))::date
                ELSE (joined + make_interval(years => (
                    date_part('year', day) - date_part('year', joined))::int - 1))::date
            END
    END
$$;

CREATE OR REPLACE FUNCTION loyalty_tier_period_end(span text, day date, joined date)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE span
        WHEN 'year' THEN make_date(date_part('year', day)::int, 12, 31)
        WHEN 'rolling' THEN
            (date_trunc('month', day::timestamp) + interval '1 month')::date - 1
        WHEN 'anniversary' THEN
            CASE WHEN (joined + make_interval(years => (
                    date_part('year', day) - date_part('year', joined))::int))::date
                    > day
                THEN (joined + make_interval(years => (
                    date_part('year', day) - date_part('year', joined))::int))::date - 1
                ELSE (joined + make_interval(years => (
                    date_part('year', day) - date_part('year', joined))::int + 1))::date
                    - 1
            END
    END
$$;

-- The first day that counts on a day; of a lifetime, a day before all others.
CREATE OR REPLACE FUNCTION loyalty_tier_window_first(
    span text, months int, day date, joined date)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE span
        WHEN 'lifetime' THEN date '0001-01-02'
        WHEN 'rolling' THEN (day - make_interval(months => months))::date
        ELSE loyalty_tier_period_start(span, day, joined)
    END
$$;

-- How many levels from below are reached; the thresholds rise in both metrics.
CREATE OR REPLACE FUNCTION loyalty_tier_reached(
    any_of bool, one numeric, two numeric, first numeric[], second numeric[])
RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN any_of
        THEN GREATEST(width_bucket(one, first), width_bucket(two, second))
        ELSE LEAST(width_bucket(one, first), width_bucket(two, second)) END
$$;

-- Walk from joining to today, see engine.tier_path.replay for every rule.
-- rules: span, months, any_of, one_step, grace and the thresholds of the levels from
--   below: enter_1, enter_2, keep_1, keep_2. One metric: enter_2 and keep_2 are zeros.
-- days, sums_1, sums_2: days with facts, and the sums of all facts up to each.
-- given_*: tiers by hand by day, as levels (0: none), with last day and lock.
-- level is 0 for none; amounts are those of today; is_by_hand tells of the last move.
DROP FUNCTION IF EXISTS loyalty_tier_replay;
CREATE FUNCTION loyalty_tier_replay(
    span text, months int, any_of bool, one_step bool, grace int,
    enter_1 numeric[], enter_2 numeric[], keep_1 numeric[], keep_2 numeric[],
    joined date, today date, days date[], sums_1 numeric[], sums_2 numeric[],
    given_day date[], given_level int[], given_until date[], given_locked bool[],
    OUT level int, OUT since date, OUT review_on date, OUT amount_1 numeric,
    OUT amount_2 numeric, OUT is_by_hand bool)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    day date := joined;
    stop date;
    due date;
    first date;
    kept int;
    reached_on date;
    failed date;
    next_review date := loyalty_tier_period_end(span, joined, joined);
    has_hold bool := false;
    hold_until date;
    hold_locked bool := false;
    fact int := width_bucket(joined, days) + 1;
    hand int := 1;
    low int;
    high int;
BEGIN
    level := 0;
    since := joined;
    is_by_hand := false;
    LOOP
        stop := CASE WHEN day <= today THEN day ELSE today END;
        -- Let end what ends before: graces, holds and periods, in order.
        LOOP
            IF failed IS NULL AND NOT has_hold AND next_review < stop AND (level = 0 OR
                    loyalty_tier_reached(any_of, 0, 0, keep_1, keep_2) >= level) THEN
                -- Nothing can be lost: no review decides anything.
                next_review := loyalty_tier_period_end(span, stop, joined);
            END IF;
            due := LEAST(failed + grace, hold_until, next_review);
            EXIT WHEN due IS NULL OR due >= stop;
            IF due = failed + grace THEN
                -- The grace ends: down.
                first := loyalty_tier_window_first(span, months, failed, joined);
                low := width_bucket(first - 1, days);
                high := width_bucket(failed, days);
                kept := loyalty_tier_reached(any_of,
                    GREATEST(COALESCE(sums_1[high], 0) - COALESCE(sums_1[low], 0), 0),
                    GREATEST(COALESCE(sums_2[high], 0) - COALESCE(sums_2[low], 0), 0),
                    keep_1, keep_2);
                level := CASE WHEN one_step THEN level - 1 ELSE LEAST(kept, level - 1) END;
                since := due + 1;
                is_by_hand := false;
                failed := NULL;
                reached_on := NULL;
            ELSIF due = hold_until THEN
                -- The hand's help ends: what is kept without it, or what is reached.
                first := loyalty_tier_window_first(span, months, due, joined);
                low := width_bucket(first - 1, days);
                high := width_bucket(due, days);
                kept := loyalty_tier_reached(any_of,
                    GREATEST(COALESCE(sums_1[high], 0) - COALESCE(sums_1[low], 0), 0),
                    GREATEST(COALESCE(sums_2[high], 0) - COALESCE(sums_2[low], 0), 0),
                    keep_1, keep_2);
                IF kept < level THEN
                    level := kept;
                    since := due + 1;
                    is_by_hand := false;
                    reached_on := NULL;
                END IF;
                has_hold := false;
                hold_until := NULL;
                hold_locked := false;
                first := loyalty_tier_window_first(span, months, due + 1, joined);
                low := width_bucket(first - 1, days);
                high := width_bucket(due + 1, days);
                kept := loyalty_tier_reached(any_of,
                    GREATEST(COALESCE(sums_1[high], 0) - COALESCE(sums_1[low], 0), 0),
                    GREATEST(COALESCE(sums_2[high], 0) - COALESCE(sums_2[low], 0), 0),
                    enter_1, enter_2);
                IF kept > level THEN
                    level := kept;
                    since := due + 1;
                    is_by_hand := false;
                    reached_on := due + 1;
                END IF;
            ELSE
                -- A period ends.
                next_review := loyalty_tier_period_end(span, due + 1, joined);
                CONTINUE WHEN level = 0 OR has_hold OR failed IS NOT NULL
                    OR reached_on >= loyalty_tier_period_start(span, due, joined);
                first := loyalty_tier_window_first(span, months, due, joined);
                low := width_bucket(first - 1, days);
                high := width_bucket(due, days);
                kept := loyalty_tier_reached(any_of,
                    GREATEST(COALESCE(sums_1[high], 0) - COALESCE(sums_1[low], 0), 0),
                    GREATEST(COALESCE(sums_2[high], 0) - COALESCE(sums_2[low], 0), 0),
                    keep_1, keep_2);
                IF kept < level THEN
                    failed := due;
                ELSIF span = 'rolling' AND low < high THEN
                    -- Until something comes or leaves, every review finds the same.
                    next_review := loyalty_tier_period_end(span, GREATEST(due + 1,
                        LEAST(stop, (days[low + 1] + make_interval(months => months)
                        )::date)), joined);
                END IF;
            END IF;
        END LOOP;
        EXIT WHEN day IS NULL OR day > today;
        -- Tiers given by hand on this day.
        WHILE given_day[hand] <= day LOOP
            has_hold := given_until[hand] IS NOT NULL OR given_locked[hand];
            hold_until := given_until[hand];
            hold_locked := given_locked[hand];
            failed := NULL;
            reached_on := CASE WHEN hold_until IS NULL THEN day END;
            IF given_level[hand] <> level THEN
                level := given_level[hand];
                since := day;
                is_by_hand := true;
            END IF;
            hand := hand + 1;
        END LOOP;
        -- Up at once.
        IF NOT hold_locked THEN
            first := loyalty_tier_window_first(span, months, day, joined);
            low := width_bucket(first - 1, days);
            high := width_bucket(day, days);
            kept := loyalty_tier_reached(any_of,
                GREATEST(COALESCE(sums_1[high], 0) - COALESCE(sums_1[low], 0), 0),
                GREATEST(COALESCE(sums_2[high], 0) - COALESCE(sums_2[low], 0), 0),
                enter_1, enter_2);
            IF kept >= level THEN
                IF kept > 0 THEN
                    reached_on := day;
                    failed := NULL;
                END IF;
                IF kept > level THEN
                    level := kept;
                    since := day;
                    is_by_hand := false;
                END IF;
            ELSIF failed IS NOT NULL THEN
                -- Purchases of the grace may keep the level after all.
                first := loyalty_tier_window_first(span, months, failed, joined);
                low := width_bucket(first - 1, days);
                IF loyalty_tier_reached(any_of,
                    GREATEST(COALESCE(sums_1[high], 0) - COALESCE(sums_1[low], 0), 0),
                    GREATEST(COALESCE(sums_2[high], 0) - COALESCE(sums_2[low], 0), 0),
                    keep_1, keep_2) >= level THEN
                    failed := NULL;
                END IF;
            END IF;
        END IF;
        day := LEAST(days[fact], given_day[hand]);
        IF days[fact] = day THEN
            fact := fact + 1;
        END IF;
    END LOOP;
    first := loyalty_tier_window_first(span, months, today, joined);
    low := width_bucket(first - 1, days);
    high := width_bucket(today, days);
    amount_1 := GREATEST(COALESCE(sums_1[high], 0) - COALESCE(sums_1[low], 0), 0);
    amount_2 := GREATEST(COALESCE(sums_2[high], 0) - COALESCE(sums_2[low], 0), 0);
    review_on := CASE
        WHEN has_hold THEN hold_until
        WHEN level <= loyalty_tier_reached(any_of, 0, 0, keep_1, keep_2) THEN NULL
        WHEN failed IS NOT NULL THEN failed + grace
        WHEN reached_on >= loyalty_tier_period_start(span, next_review, joined)
            THEN loyalty_tier_period_end(span, next_review + 1, joined)
        ELSE next_review
    END;
END $$;

-- The most that can count for the tier of a member, see _get_tier_ceilings: the sums of
-- the entries since the member's first day, and how many they are. What was bought on a
-- card of the same customer that was merged counts as well. Every posting asks it: the
-- indexes are used even while the planner takes the tables for small.
CREATE OR REPLACE FUNCTION loyalty_tier_ceiling_of(
    member int, first_day date, today date,
    OUT spend text, OUT points text, OUT entries bigint)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = 'force_generic_plan'
SET enable_seqscan = off AS $$
DECLARE
    k record;
    own int[];
BEGIN
    SELECT partner_id, program_id INTO k FROM loyalty_card WHERE id = member;
    own := member || ARRAY(
        SELECT id FROM loyalty_card
        WHERE partner_id = k.partner_id AND program_id = k.program_id
            AND NOT active AND id <> member);
    SELECT COALESCE(SUM(e.base_amount), 0)::text, COALESCE(SUM(e.points), 0)::text,
        COUNT(*)
    INTO spend, points, entries
    FROM loyalty_ledger_entry e
    WHERE e.member_card_id = ANY(own)
        AND e.tier_date >= COALESCE(first_day, '-infinity')
        AND e.available_on <= today;
END $$;

-- The same of many members.
CREATE OR REPLACE FUNCTION loyalty_tier_ceiling(members int[], firsts date[], today date)
RETURNS TABLE (card_id int, spend text, points text, entries bigint)
LANGUAGE sql STABLE AS $$
    SELECT w.id, c.spend, c.points, c.entries
    FROM unnest(members, firsts) AS w(id, first_day)
    CROSS JOIN LATERAL loyalty_tier_ceiling_of(w.id, w.first_day, today) AS c
$$;
