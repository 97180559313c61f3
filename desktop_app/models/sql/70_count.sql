-- Counting: entries are stamped by the server; in a blind count nobody who can read
-- balances may count, and the recounter is another person.

-- The open count a counter may write to, locked against being compared meanwhile.
CREATE OR REPLACE FUNCTION count_open(of_document bigint, of_round int) RETURNS document
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE d document; is_blind boolean;
BEGIN
  SELECT doc.* INTO d FROM document doc WHERE doc.id = of_document FOR SHARE;
  IF NOT FOUND OR d.kind <> 'stock_count'
     OR d.state NOT IN ('counting', 'recount')
     OR d.state <> (CASE of_round WHEN 1 THEN 'counting' WHEN 2 THEN 'recount' ELSE d.state END) THEN
    PERFORM refuse('SP042', 'count_not_open', jsonb_build_object('number', d.number, 'state', d.state));
  END IF;
  SELECT blind INTO is_blind FROM count_plan WHERE document_id = d.id;
  IF is_blind AND pg_has_role(session_user, 'sp_p_stock_read', 'MEMBER') THEN
    PERFORM refuse('SP040', 'counter_reads_stock', jsonb_build_object('number', d.number));
  END IF;
  IF NOT pg_has_role(session_user, 'sp_p_count_enter', 'MEMBER') THEN
    PERFORM refuse('SP004', 'permission_denied', jsonb_build_object('role', 'sp_p_count_enter'));
  END IF;
  RETURN d;
END $$;

CREATE OR REPLACE FUNCTION count_entry_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE d document; is_blind boolean; decimals int; opened timestamptz;
BEGIN
  d := count_open((SELECT l.document_id FROM document_line l WHERE l.id = NEW.line_id), NEW.round::int);
  SELECT blind INTO is_blind FROM count_plan WHERE document_id = d.id;
  IF NEW.round = 2 THEN
    IF NOT EXISTS (SELECT 1 FROM count_result c WHERE c.line_id = NEW.line_id AND c.recount) THEN
      PERFORM refuse('SP042', 'count_not_open', jsonb_build_object('number', d.number, 'state', d.state));
    END IF;
    IF is_blind AND EXISTS (SELECT 1 FROM count_entry e WHERE e.line_id = NEW.line_id
                            AND e.round = 1 AND e.counted_by = session_user) THEN
      PERFORM refuse('SP041', 'recount_same_person', jsonb_build_object('number', d.number));
    END IF;
  END IF;
  SELECT i.uom_decimals INTO decimals FROM document_line l JOIN item i ON i.id = l.item_id
  WHERE l.id = NEW.line_id;
  IF NEW.qty <> round(NEW.qty, decimals) THEN
    PERFORM refuse('SP044', 'count_decimals', jsonb_build_object('decimals', decimals));
  END IF;
  NEW.document_id := d.id;
  NEW.counted_by := session_user;
  NEW.entered_at := clock_timestamp();
  -- A paper sheet carries its own time; it lies between the start of the round and now.
  SELECT max(a.at) INTO opened FROM act a WHERE a.document_id = d.id
     AND a.verb = CASE NEW.round WHEN 1 THEN 'start' ELSE 'ask_recount' END;
  NEW.counted_at := coalesce(NEW.counted_at, NEW.entered_at);
  IF NEW.counted_at > NEW.entered_at OR NEW.counted_at < opened THEN
    PERFORM refuse('SP045', 'counted_outside', jsonb_build_object('number', d.number));
  END IF;
  NEW.workstation := coalesce(nullif(current_setting('stockproof.workstation', true), ''), 'local');
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER count_entry_guard BEFORE INSERT ON count_entry
FOR EACH ROW EXECUTE FUNCTION count_entry_guard();

CREATE OR REPLACE FUNCTION count_found_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE d document;
BEGIN
  d := count_open(NEW.document_id, NULL);
  NEW.counted_by := session_user;
  NEW.counted_at := clock_timestamp();
  NEW.workstation := coalesce(nullif(current_setting('stockproof.workstation', true), ''), 'local');
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER count_found_guard BEFORE INSERT ON count_found
FOR EACH ROW EXECUTE FUNCTION count_found_guard();

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON count_found
FOR EACH ROW EXECUTE FUNCTION append_only();

-- The draw is written once, by the plan's maker, before anybody counts.
CREATE OR REPLACE FUNCTION count_draw_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM document d WHERE d.id = NEW.document_id AND d.kind = 'stock_count'
                 AND d.state = 'planned' AND d.created_by = session_user) THEN
    PERFORM refuse('SP042', 'count_not_open');
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER count_draw_guard BEFORE INSERT ON count_draw
FOR EACH ROW EXECUTE FUNCTION count_draw_guard();
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON count_draw
FOR EACH ROW EXECUTE FUNCTION append_only();

-- What a counter may see: open counts, their places and items, never a quantity but the own.
CREATE OR REPLACE VIEW count_task AS
SELECT d.id AS document_id, d.number, d.state, d.warehouse_id, w.name AS warehouse, l.id AS line_id,
       l.line_no, l.location_id, p.code AS location_code, p.route_seq, l.item_id, i.code AS item_code,
       i.name AS item_name, i.spec, i.uom, i.uom_decimals, l.lot_id, o.code AS lot_code,
       CASE d.state WHEN 'counting' THEN 1 ELSE 2 END AS round,
       e.qty AS entered_qty, e.counted_by,
       EXISTS (SELECT 1 FROM count_entry any_e WHERE any_e.line_id = l.id
               AND any_e.round = CASE d.state WHEN 'counting' THEN 1 ELSE 2 END) AS is_counted,
       d.state = 'recount' AND k.blind AND EXISTS (
         SELECT 1 FROM count_entry first_e WHERE first_e.line_id = l.id AND first_e.round = 1
         AND first_e.counted_by = session_user) AS was_mine
FROM document d
JOIN count_plan k ON k.document_id = d.id
JOIN document_line l ON l.document_id = d.id
JOIN item i ON i.id = l.item_id
JOIN location p ON p.id = l.location_id
JOIN lot o ON o.id = l.lot_id
JOIN warehouse w ON w.id = d.warehouse_id
LEFT JOIN count_result c ON c.line_id = l.id
LEFT JOIN count_entry e ON e.line_id = l.id AND e.round = CASE d.state WHEN 'counting' THEN 1 ELSE 2 END
     AND e.counted_by = session_user
WHERE d.kind = 'stock_count' AND (d.state = 'counting' OR (d.state = 'recount' AND c.recount));

-- Last count of each counted line and the book at that very second: what lies there now,
-- less every move stamped later. Moves are found from the newest backwards; ids follow the
-- clock within one statement, so ten minutes are a wide margin.
CREATE OR REPLACE FUNCTION count_books(of_document bigint)
RETURNS TABLE (line_id bigint, round bigint, counted numeric, counted_at timestamptz,
               counted_by text, book numeric, moved_since numeric) LANGUAGE sql STABLE AS $$
  WITH last_count AS (
    SELECT DISTINCT ON (e.line_id) e.line_id, e.round, e.qty, e.counted_at, e.counted_by,
           l.item_id, l.location_id, l.lot_id
    FROM count_entry e JOIN document_line l ON l.id = e.line_id
    WHERE e.document_id = of_document ORDER BY e.line_id, e.round DESC
  ), floor_move AS (
    SELECT coalesce((SELECT m.id FROM stock_move m
      WHERE m.at < (SELECT min(c.counted_at) FROM last_count c) - interval '10 minutes'
      ORDER BY m.id DESC LIMIT 1), 0) AS id
  ), later AS (
    SELECT c.line_id, sum(CASE WHEN m.to_location_id = c.location_id THEN m.qty ELSE -m.qty END) AS qty
    FROM floor_move f JOIN stock_move m ON m.id > f.id
    JOIN last_count c ON m.item_id = c.item_id AND m.lot_id = c.lot_id AND m.at > c.counted_at
     AND (m.from_location_id = c.location_id OR m.to_location_id = c.location_id)
    GROUP BY 1
  ), there AS (
    SELECT c.line_id, sum(b.on_hand) AS qty FROM last_count c JOIN stock_balance b
      ON b.item_id = c.item_id AND b.location_id = c.location_id AND b.lot_id = c.lot_id
    GROUP BY 1
  )
  SELECT c.line_id, c.round, c.qty, c.counted_at, c.counted_by,
         coalesce(there.qty, 0) - coalesce(later.qty, 0), coalesce(later.qty, 0)
  FROM last_count c LEFT JOIN there ON there.line_id = c.line_id
  LEFT JOIN later ON later.line_id = c.line_id
$$;

-- Writes book and count of every counted line. Lines asked for a recount that nobody
-- recounted drop out: what two people did not confirm is not changed.
CREATE OR REPLACE FUNCTION count_compare(of_document bigint, classes text[], percents numeric[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE d document;
BEGIN
  PERFORM require_permission('sp_p_count_plan');
  SELECT * INTO d FROM document WHERE id = of_document FOR NO KEY UPDATE;
  IF d.kind IS DISTINCT FROM 'stock_count' OR d.state NOT IN ('counting', 'recount') THEN
    PERFORM refuse('SP042', 'count_not_open', jsonb_build_object('number', d.number, 'state', d.state));
  END IF;
  INSERT INTO count_result AS c (line_id, document_id, book_qty, counted_qty, tolerance_pct)
  SELECT b.line_id, of_document, b.book, b.counted, coalesce(t.percent, 0)
  FROM count_books(of_document) b
  JOIN document_line l ON l.id = b.line_id JOIN item i ON i.id = l.item_id
  LEFT JOIN unnest(classes, percents) AS t(class, percent) ON t.class = i.abc_class
  ON CONFLICT (line_id) DO UPDATE
    SET book_qty = excluded.book_qty, counted_qty = excluded.counted_qty;
  IF d.state = 'recount' THEN
    DELETE FROM count_result c WHERE c.document_id = of_document AND c.recount
      AND NOT EXISTS (SELECT 1 FROM count_entry e WHERE e.line_id = c.line_id AND e.round = 2);
  END IF;
END $$;

-- People mark recounts while counting and causes in review; the figures are never typed.
CREATE OR REPLACE FUNCTION count_result_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE of_state text;
BEGIN
  IF current_user <> 'sp_owner' THEN
    SELECT state INTO of_state FROM document WHERE id = OLD.document_id;
    IF of_state NOT IN ('counting', 'review')
       OR (of_state = 'review' AND NEW.recount <> OLD.recount) THEN
      PERFORM refuse('SP042', 'count_not_open', jsonb_build_object('state', of_state));
    END IF;
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER count_result_guard BEFORE UPDATE ON count_result
FOR EACH ROW EXECUTE FUNCTION count_result_guard();

-- Whoever counted must not approve; what is out of tolerance was seen by two and has a cause.
CREATE OR REPLACE FUNCTION count_approver_check(a act) RETURNS void LANGUAGE plpgsql AS $$
DECLARE is_blind boolean; bad record;
BEGIN
  SELECT blind INTO is_blind FROM count_plan WHERE document_id = a.document_id;
  IF is_blind AND EXISTS (SELECT 1 FROM count_entry e WHERE e.document_id = a.document_id
                          AND e.counted_by = session_user) THEN
    PERFORM refuse('SP043', 'counter_approves');
  END IF;
  SELECT l.line_no, i.code AS item, c.cause_code INTO bad
  FROM count_result c JOIN document_line l ON l.id = c.line_id JOIN item i ON i.id = l.item_id
  WHERE c.document_id = a.document_id
    AND abs(c.counted_qty - c.book_qty) > c.book_qty * c.tolerance_pct / 100
    AND (c.cause_code = '' OR (is_blind AND NOT EXISTS (
         SELECT 1 FROM count_entry e WHERE e.line_id = c.line_id AND e.round = 2)))
  ORDER BY l.line_no LIMIT 1;
  IF FOUND THEN
    PERFORM refuse(CASE WHEN bad.cause_code = '' THEN 'SP046' ELSE 'SP047' END,
                   'difference_unexplained', to_jsonb(bad));
  END IF;
END $$;

-- Trigger of an earlier version.
DROP TRIGGER IF EXISTS count_approver_guard ON act;
DROP FUNCTION IF EXISTS count_approver_guard();

-- What an approval posts is exactly counted - book at the counting second, or nothing
-- where the difference is within tolerance. Checked by act_ends when the transaction ends.
CREATE OR REPLACE FUNCTION count_posting_check(a act) RETURNS void LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT l.line_no, i.code AS item INTO bad
  FROM document_line l JOIN item i ON i.id = l.item_id
  LEFT JOIN count_books(a.document_id) b ON b.line_id = l.id
  LEFT JOIN count_result c ON c.line_id = l.id
  LEFT JOIN LATERAL (
    SELECT sum(CASE WHEN m.to_location_id = l.location_id THEN m.qty ELSE -m.qty END) AS qty,
           bool_or(m.lot_id <> l.lot_id OR l.location_id NOT IN (m.from_location_id, m.to_location_id)) AS elsewhere
    FROM stock_move m WHERE m.act_id = a.id AND m.line_id = l.id) posted ON true
  WHERE l.document_id = a.document_id AND (
    posted.elsewhere
    OR (c.line_id IS NULL AND posted.qty IS NOT NULL)
    OR c.book_qty <> b.book OR c.counted_qty <> b.counted
    OR (posted.qty IS NOT NULL AND posted.qty <> c.counted_qty - c.book_qty)
    OR (posted.qty IS NULL
        AND abs(c.counted_qty - c.book_qty) > c.book_qty * c.tolerance_pct / 100))
  ORDER BY l.line_no LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('SP048', 'count_posting_differs', to_jsonb(bad));
  END IF;
END $$;

-- Trigger of an earlier version.
DROP TRIGGER IF EXISTS count_posting_guard ON act;
DROP FUNCTION IF EXISTS count_posting_guard();
