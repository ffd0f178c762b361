-- Balances of before the column: the ledger of then was right about them.
DO $$
BEGIN
    IF to_regclass('loyalty_ledger_entry') IS NOT NULL THEN
        UPDATE loyalty_card c SET ledger_points = c.points
        WHERE c.ledger_points IS NULL AND c.points <> 0
            AND EXISTS (SELECT FROM loyalty_ledger_entry e WHERE e.card_id = c.id);
    END IF;
END $$;

-- Each update of `loyalty` makes the points a float for a moment, which is right about
-- 15 digits: what it lost is there in the balance that the ledger wrote last.
UPDATE loyalty_card SET points = ledger_points
WHERE points <> ledger_points AND points = ledger_points::float8::numeric;

-- The net under the one door: a balance that no entry explains is refused at commit.
-- The condition is looked at when a card is written and only a difference is looked at
-- again at the commit, so that an ordinary posting pays nothing for it.
CREATE OR REPLACE FUNCTION loyalty_card_balance_is_the_ledgers() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM loyalty_card c JOIN loyalty_program p ON p.id = c.program_id
        WHERE c.id = NEW.id AND p.is_managed
            AND COALESCE(c.points, 0) <> COALESCE(c.ledger_points, 0)
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE =
            format('the points of loyalty card %s can be changed by the loyalty '
                   'ledger only', NEW.id);
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS balance_is_the_ledgers ON loyalty_card;

-- A condition that names columns would keep Odoo from converting them, as each update
-- of a module below does; the card as a whole names none, and this body is inlined.
CREATE OR REPLACE FUNCTION loyalty_ledger_misses(card loyalty_card) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT COALESCE(card.points, 0) <> COALESCE(card.ledger_points, 0)
$$;

CREATE CONSTRAINT TRIGGER balance_is_the_ledgers
    AFTER INSERT OR UPDATE ON loyalty_card
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW
    WHEN (loyalty_ledger_misses(NEW))
    EXECUTE FUNCTION loyalty_card_balance_is_the_ledgers();
