-- How the database refuses: a permanent code, a key and the facts as JSON. The program
-- turns them into a sentence (database/errors.py); a bare SQL client sees the key.

CREATE OR REPLACE FUNCTION refuse(code text, key text, facts jsonb DEFAULT '{}')
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = code, MESSAGE = key, DETAIL = facts::text;
END $$;

-- Append-only tables: nobody edits history, the owner of the tables included.
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM refuse('SP020', 'append_only', jsonb_build_object('table', TG_TABLE_NAME));
  RETURN NULL;
END $$;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['act', 'stock_move', 'attachment', 'day_seal', 'refused_attempt',
                           'count_entry', 'print_log'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I
                    FOR EACH ROW EXECUTE FUNCTION append_only()', t);
    EXECUTE format('CREATE OR REPLACE TRIGGER append_only_truncate BEFORE TRUNCATE ON %I
                    FOR EACH STATEMENT EXECUTE FUNCTION append_only()', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['document', 'stock_balance', 'reservation', 'item', 'party', 'warehouse',
                           'location', 'lot', 'box'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER never_deleted BEFORE DELETE ON %I
                    FOR EACH ROW EXECUTE FUNCTION append_only()', t);
  END LOOP;
END $$;
