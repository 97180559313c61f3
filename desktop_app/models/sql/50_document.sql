-- Documents and lines can be edited only while their state is editable; the state and
-- the number are written by the guards alone.

CREATE OR REPLACE FUNCTION is_editable(of_kind text, of_state text) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT of_state = 'new' OR EXISTS (
    SELECT 1 FROM document_kind k WHERE k.kind = of_kind AND of_state = ANY (k.editable_states))
$$;

CREATE OR REPLACE FUNCTION document_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE needed text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.state := 'new';
    NEW.number := NULL;
    NEW.version := 1;
    NEW.created_by := session_user;
    NEW.created_at := now();
    -- A red entry is made by whoever may reverse, not by whoever may write the type.
    needed := CASE WHEN NEW.reverses_id IS NULL
              THEN (SELECT write_role FROM document_kind WHERE kind = NEW.kind)
              ELSE 'sp_p_document_reverse' END;
    IF NOT pg_has_role(session_user, needed, 'MEMBER') THEN
      PERFORM refuse('SP004', 'permission_denied', jsonb_build_object(
        'role', needed, 'verb', CASE WHEN NEW.reverses_id IS NULL THEN 'create' ELSE 'reverse' END));
    END IF;
    RETURN NEW;
  END IF;
  -- Inside the guards (SECURITY DEFINER) the owner of the tables acts; a person does not.
  IF current_user <> 'sp_owner' THEN
    IF NEW.state <> OLD.state OR NEW.number IS DISTINCT FROM OLD.number OR NEW.kind <> OLD.kind THEN
      PERFORM refuse('SP003', 'transition_refused', jsonb_build_object(
        'number', OLD.number, 'kind', OLD.kind, 'state', OLD.state, 'verb', 'update'));
    END IF;
    IF NOT is_editable(OLD.kind, OLD.state) THEN
      PERFORM refuse('SP021', 'not_editable',
                     jsonb_build_object('number', OLD.number, 'state', OLD.state));
    END IF;
    NEW.version := OLD.version + 1;
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER document_guard BEFORE INSERT OR UPDATE ON document
FOR EACH ROW EXECUTE FUNCTION document_guard();

CREATE OR REPLACE FUNCTION lines_editable() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE bad record;
BEGIN
  SELECT d.number, d.state INTO bad FROM touched_rows n JOIN document d ON d.id = n.document_id
  WHERE NOT is_editable(d.kind, d.state) LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('SP021', 'not_editable', to_jsonb(bad));
  END IF;
  RETURN NULL;
END $$;

-- Says what is wrong with a line: its document or, that being in order, its item.
CREATE OR REPLACE FUNCTION refuse_line(of_document bigint, of_line_no bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE d document;
BEGIN
  SELECT * INTO d FROM document WHERE id = of_document;
  IF NOT FOUND THEN PERFORM refuse('SP008', 'document_unknown'); END IF;
  IF d.state = 'new' OR is_editable(d.kind, d.state) THEN
    PERFORM refuse('SP009', 'item_unknown', jsonb_build_object('line_no', of_line_no));
  END IF;
  PERFORM refuse('SP021', 'not_editable', jsonb_build_object('number', d.number, 'state', d.state));
END $$;

-- Lines name an existing document and item. Checked set-wise: row-wise foreign keys made a
-- third of the cost of inserting 500 lines (docs/adr/0005), and neither is ever deleted.
CREATE OR REPLACE FUNCTION lines_known() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE bad record;
BEGIN
  -- Look-ups, not joins: a kept plan must not hash all items for one line.
  SELECT n.document_id, n.line_no INTO bad FROM touched_rows n
  WHERE (SELECT d.state = 'new' OR is_editable(d.kind, d.state) FROM document d
         WHERE d.id = n.document_id) IS NOT TRUE
     OR (SELECT i.id FROM item i WHERE i.id = n.item_id) IS NULL LIMIT 1;
  IF FOUND THEN
    PERFORM refuse_line(bad.document_id, bad.line_no);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER lines_inserted AFTER INSERT ON document_line
REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION lines_known();
CREATE OR REPLACE TRIGGER lines_updated AFTER UPDATE ON document_line
REFERENCING NEW TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION lines_known();
CREATE OR REPLACE TRIGGER lines_deleted AFTER DELETE ON document_line
REFERENCING OLD TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION lines_editable();

-- What hangs on a line (prices, weights) is edited while the line is.
CREATE OR REPLACE FUNCTION line_parts_editable() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE bad record;
BEGIN
  SELECT d.number, d.state INTO bad FROM touched_rows n
  JOIN document_line l ON l.id = n.line_id JOIN document d ON d.id = l.document_id
  WHERE NOT is_editable(d.kind, d.state) LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('SP021', 'not_editable', to_jsonb(bad));
  END IF;
  RETURN NULL;
END $$;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['purchase_line_price', 'sales_line_price', 'outsourcing_receipt_line'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER parts_inserted AFTER INSERT ON %I REFERENCING NEW
      TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION line_parts_editable()', t);
    EXECUTE format('CREATE OR REPLACE TRIGGER parts_updated AFTER UPDATE ON %I REFERENCING NEW
      TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION line_parts_editable()', t);
  END LOOP;
  -- Heads of typed documents follow their document row.
  FOREACH t IN ARRAY ARRAY['sales_order', 'shipment', 'count_plan', 'work_order'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER head_inserted AFTER INSERT ON %I REFERENCING NEW
      TABLE AS touched_rows FOR EACH STATEMENT EXECUTE FUNCTION lines_editable()', t);
    EXECUTE format('CREATE OR REPLACE TRIGGER head_updated AFTER UPDATE ON %I REFERENCING NEW
      TABLE AS touched_rows FOR EACH STATEMENT WHEN (current_user <> ''sp_owner'')
      EXECUTE FUNCTION lines_editable()', t);
  END LOOP;
END $$;

-- Gapless number per kind and day, given once, as the last statement of a transaction.
CREATE OR REPLACE FUNCTION assign_number(of_document bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE given text; seen record;
BEGIN
  -- Series, then document: who writes the same kind on the same day waits from here to the end.
  WITH n AS (
    INSERT INTO number_series AS s (kind, day, last_no)
    SELECT d.kind, current_date, 1 FROM document d
    WHERE d.id = of_document AND d.number IS NULL AND d.state <> 'new'
    ON CONFLICT (kind, day) DO UPDATE SET last_no = s.last_no + 1 RETURNING s.kind, s.last_no)
  UPDATE document SET number = (SELECT k.prefix FROM document_kind k WHERE k.kind = n.kind)
    || to_char(current_date, '"-"YYYYMMDD"-"')
    || lpad(n.last_no::text, greatest(4, length(n.last_no::text)), '0')
  FROM n WHERE document.id = of_document RETURNING document.number INTO given;
  IF NOT FOUND THEN
    SELECT d.state, d.number INTO seen FROM document d WHERE d.id = of_document;
    IF seen.state = 'new' THEN
      PERFORM refuse('SP003', 'transition_refused', jsonb_build_object('state', 'new', 'verb', 'number'));
    END IF;
    given := seen.number;
  END IF;
  RETURN given;
END $$;

-- The last statement of a posting: number, announcement, and where the document stands now.
DROP FUNCTION IF EXISTS finish_document(bigint);
CREATE OR REPLACE FUNCTION finish_document(of_document bigint, topics text)
RETURNS TABLE (id bigint, number text, state text, version bigint) LANGUAGE plpgsql AS $$
BEGIN
  SELECT d.id, d.number, d.state, d.version INTO id, number, state, version
  FROM document d WHERE d.id = of_document;
  number := coalesce(number, assign_number(of_document));
  IF topics IS NOT NULL THEN
    PERFORM pg_notify('stockproof', topics);
  END IF;
  RETURN NEXT;
END $$;

CREATE OR REPLACE FUNCTION document_has_number() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM document WHERE id = NEW.id AND number IS NOT NULL) THEN
    PERFORM refuse('SP022', 'number_missing');
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS document_has_number ON document;
CREATE CONSTRAINT TRIGGER document_has_number AFTER INSERT ON document
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION document_has_number();
