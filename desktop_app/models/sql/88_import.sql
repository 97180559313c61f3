-- Imports: a draft belongs to who began it; a run and what it changed are history.

ALTER TABLE import_draft ENABLE ROW LEVEL SECURITY;
ALTER TABLE import_stage ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_draft ON import_draft;
CREATE POLICY own_draft ON import_draft USING (created_by = session_user);
DROP POLICY IF EXISTS own_stage ON import_stage;
CREATE POLICY own_stage ON import_stage
  USING (draft_id IN (SELECT id FROM import_draft WHERE created_by = session_user));

-- What an import did stays on record; only its state goes from done to undone, once.
CREATE OR REPLACE FUNCTION import_run_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.imported_by := session_user;
    NEW.at := now();
    NEW.state := 'done';
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.state = 'done' AND NEW.state = 'undone'
     AND to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state' THEN
    RETURN NEW;
  END IF;
  PERFORM refuse('SP020', 'append_only', jsonb_build_object('table', TG_TABLE_NAME));
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER import_run_guard BEFORE INSERT OR UPDATE OR DELETE ON import_run
FOR EACH ROW EXECUTE FUNCTION import_run_guard();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON import_row
FOR EACH ROW EXECUTE FUNCTION append_only();

-- Prices before an import are as secret as prices.
ALTER TABLE import_row ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_rows ON import_row;
CREATE POLICY own_rows ON import_row
  USING (run_id IN (SELECT id FROM import_run WHERE imported_by = session_user)
         OR pg_has_role(session_user, 'sp_p_user_manage', 'MEMBER'));

-- A text as a value of its kind, empty when there is none.
CREATE OR REPLACE FUNCTION import_text(row_values jsonb, field text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT nullif(row_values ->> field, '') $$;

GRANT SELECT, INSERT, UPDATE, DELETE ON import_draft, import_stage TO sp_user;
GRANT SELECT, INSERT, UPDATE ON import_mapping TO sp_user;
GRANT SELECT, INSERT, UPDATE (state) ON import_run TO sp_user;
GRANT SELECT, INSERT ON import_row TO sp_user;

-- Only an owner may analyze a table, and the stage goes from nothing to 200,000 rows at once.
CREATE OR REPLACE FUNCTION import_analyze() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  ANALYZE import_stage;
END $$;

-- The own fields of a staged row: {"custom.origin": "佛山"} as {"origin": "佛山"}.
CREATE OR REPLACE FUNCTION import_own_fields(row_values jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(jsonb_object_agg(substr(key, 8), value), '{}') FROM jsonb_each(row_values)
  WHERE key LIKE 'custom.%'
$$;

-- Does anything stand on a record that an import made?
CREATE OR REPLACE FUNCTION import_used(record text, of_id bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN CASE record
    WHEN 'item' THEN EXISTS (SELECT 1 FROM document_line WHERE item_id = of_id)
      OR EXISTS (SELECT 1 FROM stock_move WHERE item_id = of_id)
      OR EXISTS (SELECT 1 FROM bom WHERE item_id = of_id)
      OR EXISTS (SELECT 1 FROM bom_line WHERE item_id = of_id)
    WHEN 'party' THEN EXISTS (SELECT 1 FROM document WHERE party_id = of_id)
    WHEN 'place' THEN EXISTS (SELECT 1 FROM stock_balance WHERE location_id = of_id)
      OR EXISTS (SELECT 1 FROM document_line WHERE location_id = of_id OR to_location_id = of_id)
    ELSE false END;
END $$;

-- Taking an import back takes away the prices it set.
GRANT DELETE ON item_sales_price, item_level_price TO sp_p_sales_write;
GRANT DELETE ON item_purchase_price TO sp_p_purchase_write;
