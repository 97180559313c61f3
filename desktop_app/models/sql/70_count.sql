-- Counting: entries are stamped by the server; in a blind count nobody who can read
-- balances may count, and the recounter is another person.

CREATE OR REPLACE FUNCTION count_entry_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE d document; plan count_plan; first_by text;
BEGIN
  SELECT doc.* INTO d FROM document doc JOIN document_line l ON l.document_id = doc.id
  WHERE l.id = NEW.line_id FOR SHARE OF doc;
  IF NOT FOUND OR d.kind <> 'stock_count'
     OR d.state <> (CASE NEW.round WHEN 1 THEN 'counting' ELSE 'recount' END) THEN
    PERFORM refuse('SP042', 'count_not_open', jsonb_build_object('number', d.number, 'state', d.state));
  END IF;
  SELECT * INTO plan FROM count_plan WHERE document_id = d.id;
  IF plan.blind AND pg_has_role(session_user, 'sp_p_stock_read', 'MEMBER') THEN
    PERFORM refuse('SP040', 'counter_reads_stock', jsonb_build_object('number', d.number));
  END IF;
  IF NOT pg_has_role(session_user, 'sp_p_count_enter', 'MEMBER') THEN
    PERFORM refuse('SP004', 'permission_denied', jsonb_build_object('role', 'sp_p_count_enter'));
  END IF;
  IF NEW.round = 2 THEN
    SELECT counted_by INTO first_by FROM count_entry WHERE line_id = NEW.line_id AND round = 1;
    IF first_by = session_user THEN
      PERFORM refuse('SP041', 'recount_same_person', jsonb_build_object('number', d.number));
    END IF;
  END IF;
  NEW.document_id := d.id;
  NEW.counted_by := session_user;
  NEW.counted_at := clock_timestamp();
  NEW.workstation := coalesce(nullif(current_setting('stockproof.workstation', true), ''), 'local');
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER count_entry_guard BEFORE INSERT ON count_entry
FOR EACH ROW EXECUTE FUNCTION count_entry_guard();

-- What a counter may see: open counts, their places and items, never a quantity.
CREATE OR REPLACE VIEW count_task AS
SELECT d.id AS document_id, d.number, d.state, d.warehouse_id, w.name AS warehouse, l.id AS line_id,
       l.line_no, l.location_id, p.code AS location_code, p.route_seq, l.item_id, i.code AS item_code,
       i.name AS item_name, i.spec, i.uom, i.uom_decimals, l.lot_id, o.code AS lot_code,
       CASE d.state WHEN 'counting' THEN 1 ELSE 2 END AS round,
       e.qty AS entered_qty, e.counted_by
FROM document d
JOIN document_line l ON l.document_id = d.id
JOIN item i ON i.id = l.item_id
JOIN location p ON p.id = l.location_id
JOIN lot o ON o.id = l.lot_id
JOIN warehouse w ON w.id = d.warehouse_id
LEFT JOIN count_result c ON c.line_id = l.id
LEFT JOIN count_entry e ON e.line_id = l.id AND e.round = CASE d.state WHEN 'counting' THEN 1 ELSE 2 END
     AND e.counted_by = session_user
WHERE d.kind = 'stock_count' AND (d.state = 'counting' OR (d.state = 'recount' AND c.recount));

-- Whoever counted must not approve the differences.
CREATE OR REPLACE FUNCTION count_approver_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM count_entry e JOIN count_plan p ON p.document_id = e.document_id
             WHERE e.document_id = NEW.document_id AND e.counted_by = session_user AND p.blind) THEN
    PERFORM refuse('SP043', 'counter_approves');
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER count_approver_guard BEFORE INSERT ON act
FOR EACH ROW WHEN (NEW.verb = 'approve_count') EXECUTE FUNCTION count_approver_guard();
