-- Entries are append-only for everybody: neither the ORM nor SQL changes them. The
-- triggers fire ALWAYS: also for a superuser whose session plays a replica, for whom
-- ordinary triggers rest.
CREATE OR REPLACE FUNCTION loyalty_ledger_entry_is_append_only() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the loyalty ledger is append-only: post a reversal instead';
END $$;

DROP TRIGGER IF EXISTS append_only_rows ON loyalty_ledger_entry;
CREATE TRIGGER append_only_rows
    BEFORE UPDATE OR DELETE ON loyalty_ledger_entry
    FOR EACH ROW EXECUTE FUNCTION loyalty_ledger_entry_is_append_only();

DROP TRIGGER IF EXISTS append_only_table ON loyalty_ledger_entry;
CREATE TRIGGER append_only_table
    BEFORE TRUNCATE ON loyalty_ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION loyalty_ledger_entry_is_append_only();

ALTER TABLE loyalty_ledger_entry
    ENABLE ALWAYS TRIGGER append_only_rows,
    ENABLE ALWAYS TRIGGER append_only_table;
