-- Who changed which field of the master data: one row per field with old and new, one row for
-- a record made or taken away. Statement triggers, so that an import of 10,000 rows costs two
-- statements; only these functions write, nobody edits.

-- A row as fields: the company's own fields count one by one, keys and bookkeeping do not.
CREATE OR REPLACE FUNCTION logged_fields(kept jsonb, left_out text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN kept -> 'custom' IS NULL OR kept -> 'custom' = '{}' THEN kept - left_out
    ELSE (kept - left_out) || (SELECT jsonb_object_agg('custom.' || key, value)
                               FROM jsonb_each(kept -> 'custom')) END
$$;

-- Arguments: what the record is called, the expression of its id, what the part is called
-- ('' = the record itself), the expression that names it, the columns of the key,
-- fields left out, the role that may see it ('' = everybody who sees the log).
CREATE OR REPLACE FUNCTION log_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  record_name text := TG_ARGV[0];
  id_of text := TG_ARGV[1];
  part_of text := CASE WHEN TG_ARGV[2] = '' THEN '''''' ELSE format('%L || '':'' || (%s)', TG_ARGV[2], TG_ARGV[3]) END;
  keys text[] := string_to_array(TG_ARGV[4], ',');
  left_out text[] := string_to_array(TG_ARGV[5], ',') || ARRAY['id', 'custom', 'search_text']
    || CASE WHEN TG_TABLE_NAME = 'bom' THEN '{}' ELSE ARRAY['version'] END;  -- a bom's is its name
  role text := nullif(TG_ARGV[6], '');
  same_key text := (SELECT string_agg(format('o.%1$I = n.%1$I', k), ' AND ') FROM unnest(keys) k);
BEGIN
  IF TG_OP = 'UPDATE' THEN
    EXECUTE format($q$
      WITH pairs AS MATERIALIZED (
        SELECT %2$s AS id, %3$s AS part, logged_fields(to_jsonb(o), $1) AS was,
               logged_fields(to_jsonb(n), $1) AS now
        FROM after_rows n JOIN before_rows o ON %4$s WHERE o IS DISTINCT FROM n)
      INSERT INTO change_log (record, record_id, part, field, old, new, needs_role)
      SELECT %1$L, p.id, p.part, f.key, p.was -> f.key, p.now -> f.key, $2
      FROM pairs p, LATERAL (SELECT jsonb_object_keys(p.was || p.now)) f(key)
      WHERE p.was <> p.now
        AND coalesce(p.was -> f.key, 'null') <> coalesce(p.now -> f.key, 'null')$q$,
      record_name, replace(id_of, '@', 'n.'), replace(part_of, '@', 'n.'), same_key)
    USING left_out, role;
  ELSE
    EXECUTE format($q$
      INSERT INTO change_log (record, record_id, part, field, old, new, needs_role)
      SELECT %1$L, %2$s, %3$s, '', %4$s, %5$s, $2 FROM %6$I r$q$,
      record_name, replace(id_of, '@', 'r.'), replace(part_of, '@', 'r.'),
      CASE WHEN TG_OP = 'DELETE' THEN 'to_jsonb(r) - $1' ELSE 'NULL' END,
      CASE WHEN TG_OP = 'DELETE' THEN 'NULL'
           WHEN TG_ARGV[2] = '' THEN format('to_jsonb(%s)', replace(TG_ARGV[3], '@', 'r.'))
           ELSE 'jsonb_strip_nulls(to_jsonb(r) - $1)' END,
      CASE WHEN TG_OP = 'DELETE' THEN 'before_rows' ELSE 'after_rows' END)
    USING left_out, role;
  END IF;
  RETURN NULL;
END $$;

DO $$
DECLARE t record; args text;
BEGIN
  FOR t IN SELECT * FROM (VALUES
    -- table, record, its id, part, which part, key, left out, role
    ('item', 'item', '@id', '', '@code || '' '' || @name', 'id', 'created_at', ''),
    ('item_barcode', 'item', '@item_id', 'barcode', '@barcode', 'barcode', 'item_id,barcode', ''),
    ('item_unit', 'item', '@item_id', 'unit', '@unit', 'item_id,unit', 'item_id,unit', ''),
    ('item_bin', 'item', '@item_id', 'bin', '@warehouse_id', 'item_id,warehouse_id', 'item_id', ''),
    ('item_picture', 'item', '@item_id', 'picture', '@name', 'id', 'item_id,content,sha256,added_by,added_at', ''),
    ('item_sales_price', 'item', '@item_id', 'sales_price', '''''::text', 'item_id', 'item_id', 'sp_p_sales_price'),
    ('item_level_price', 'item', '@item_id', 'level_price', '@level', 'item_id,level', 'item_id,level', 'sp_p_sales_price'),
    ('item_purchase_price', 'item', '@item_id', 'purchase_price', '''''::text', 'item_id', 'item_id', 'sp_p_purchase_price'),
    ('item_family', 'family', '@id', '', '@code', 'id', '', ''),
    ('item_axis', 'family', '@family_id', 'axis', '@name', 'id', 'family_id', ''),
    ('lot', 'lot', '@id', '', '@code', 'id', 'created_at', ''),
    ('party', 'party', '@id', '', '@code || '' '' || @name', 'id', '', ''),
    ('party_contact', 'party', '@party_id', 'contact', '@name', 'id', 'party_id', ''),
    ('party_address', 'party', '@party_id', 'address', '@purpose', 'id', 'party_id', ''),
    ('party_item', 'item', '@item_id', 'partner', '(SELECT p.code FROM party p WHERE p.id = @party_id)', 'party_id,item_id', 'party_id,item_id', ''),
    ('warehouse', 'warehouse', '@id', '', '@code', 'id', '', ''),
    ('location', 'place', '@id', '', '@code', 'id', '', ''),
    ('bom', 'bom', '@id', '', '@version', 'id', '', ''),
    ('bom_line', 'bom', '@bom_id', 'component', '(SELECT i.code FROM item i WHERE i.id = @item_id)', 'id', 'bom_id', ''),
    ('tax_rate', 'tax_rate', '0', 'rate', '@code || '' '' || @valid_from', 'code,valid_from', 'code,valid_from', ''),
    ('price_level', 'price_level', '0', 'level', '@code', 'code', 'code', ''),
    ('custom_field', 'own_field', '@id', '', '@title', 'id', '', ''),
    ('setting', 'setting', '0', 'setting', '@key', 'key', 'key,changed_by,changed_at', ''),
    ('label_design', 'label_design', '@id', '', '@name', 'id', '', ''),
    ('device', 'device', '@id', '', '@name', 'id', '', '')
  ) AS v(tab, record, id_of, part, part_of, key, left_out, role) LOOP
    args := format('%L, %L, %L, %L, %L, %L, %L', t.record, t.id_of, t.part, t.part_of, t.key, t.left_out, t.role);
    EXECUTE format('CREATE OR REPLACE TRIGGER change_log_new AFTER INSERT ON %I REFERENCING NEW TABLE AS after_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION log_changes(%s)', t.tab, args);
    EXECUTE format('CREATE OR REPLACE TRIGGER change_log_changed AFTER UPDATE ON %I
                    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION log_changes(%s)', t.tab, args);
    EXECUTE format('CREATE OR REPLACE TRIGGER change_log_gone AFTER DELETE ON %I REFERENCING OLD TABLE AS before_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION log_changes(%s)', t.tab, args);
  END LOOP;
END $$;

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON change_log
FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE OR REPLACE TRIGGER append_only_truncate BEFORE TRUNCATE ON change_log
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- Prices are as secret in their history as they are themselves.
ALTER TABLE change_log ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS prices_hidden ON change_log;
CREATE POLICY prices_hidden ON change_log FOR SELECT
  USING (needs_role IS NULL OR pg_has_role(session_user, needs_role, 'MEMBER'));
GRANT SELECT ON change_log TO sp_p_stock_read;

-- What may stay missing, and which records are not duplicates of each other: said once, by name.
GRANT SELECT ON parameter_waiver TO sp_user;
GRANT INSERT (record, record_id, parameter, reason), DELETE ON parameter_waiver TO sp_p_master_write;
