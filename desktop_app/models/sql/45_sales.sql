-- What an act of sales does besides changing the state. Kept here so that no client can
-- write a deposit without an act, verify what was not scanned, or leave stock locked for
-- an order that is over.

-- Counted again before the door: scans (item code, quantity) against what stands at the dock.
CREATE OR REPLACE FUNCTION verify_check(a act) RETURNS void LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  IF jsonb_typeof(a.evidence -> 'scans') IS DISTINCT FROM 'array' THEN
    PERFORM refuse('SP072', 'verify_mismatch', '{"item": "?", "picked": 0, "scanned": 0}');
  END IF;
  SELECT coalesce(picked.code, scanned.code) AS item, trim_scale(coalesce(picked.qty, 0)) AS picked,
         trim_scale(coalesce(scanned.qty, 0)) AS scanned INTO bad
  FROM (SELECT i.code, sum(n.qty) AS qty FROM document_line l
        JOIN allocation n ON n.line_id = l.id JOIN location p ON p.id = n.location_id
        JOIN item i ON i.id = n.item_id
        WHERE l.document_id = a.document_id AND p.kind = 'staging' AND n.qty > 0
        GROUP BY 1) picked
  FULL JOIN (SELECT s ->> 'item' AS code, sum((s ->> 'qty')::numeric) AS qty
        FROM jsonb_array_elements(a.evidence -> 'scans') s GROUP BY 1) scanned
    ON scanned.code = picked.code
  WHERE coalesce(picked.qty, 0) <> coalesce(scanned.qty, 0)
  ORDER BY 1 LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('SP072', 'verify_mismatch', to_jsonb(bad));
  END IF;
END $$;

-- A customer returns at most what left by that line of the shipment.
CREATE OR REPLACE FUNCTION return_check(of_document bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT l.line_no, i.code AS item, trim_scale(l.qty) AS qty,
         trim_scale(coalesce(gone.qty, 0) - coalesce(back.qty, 0)) AS open
  INTO bad
  FROM (SELECT min(b.line_no) AS line_no, b.item_id, b.origin_line_id, sum(b.qty) AS qty
        FROM document_line b WHERE b.document_id = of_document AND b.origin_line_id IS NOT NULL
        GROUP BY 2, 3) l
  JOIN item i ON i.id = l.item_id
  JOIN document_line o ON o.id = l.origin_line_id
  LEFT JOIN LATERAL line_done(o.document_id, 'ship') gone ON gone.line_id = o.id
  LEFT JOIN LATERAL line_done(o.document_id, 'receive_back') back ON back.line_id = o.id
  WHERE l.qty > coalesce(gone.qty, 0) - coalesce(back.qty, 0)
  ORDER BY l.line_no LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('SP073', 'return_too_much', to_jsonb(bad));
  END IF;
END $$;

-- Called by the guard of every act of sales, in its rights: what the step needs, what it does.
CREATE OR REPLACE FUNCTION act_of_sales(a act, of_kind text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF of_kind = 'shipment' AND a.verb = 'ship' THEN
    UPDATE shipment SET waybill = a.evidence ->> 'waybill',
           carrier = coalesce(a.evidence ->> 'carrier', '')
    WHERE document_id = a.document_id;
  ELSIF of_kind = 'shipment' AND a.verb = 'verify' THEN
    PERFORM verify_check(a);
  ELSIF of_kind = 'sales_return' AND a.verb = 'receive_back' THEN
    PERFORM return_check(a.document_id);
  ELSIF of_kind = 'sales_order' AND a.verb = 'create' THEN
    PERFORM order_of_frozen_customer(a);
  ELSIF of_kind = 'sales_order' AND a.verb = 'readdress' THEN
    PERFORM order_readdressed(a);
  ELSIF of_kind = 'sales_order' AND a.verb = 'deposit' THEN
    PERFORM take_deposit(a);
  ELSIF of_kind = 'sales_order' AND a.verb IN ('void', 'close') THEN
    UPDATE reservation r SET qty_open = 0 FROM document_line l
    WHERE l.document_id = a.document_id AND r.line_id = l.id AND r.qty_open > 0;
  END IF;
END $$;

CREATE OR REPLACE FUNCTION take_deposit(a act) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(a.evidence ->> 'deposit', '') !~ '^\d{1,12}(\.\d{1,2})?$'
     OR (a.evidence ->> 'deposit')::numeric = 0 THEN
    PERFORM refuse('SP070', 'deposit_amount',
                   jsonb_build_object('deposit', a.evidence ->> 'deposit'));
  END IF;
  IF coalesce(a.evidence ->> 'until', '') !~ '^\d{4}-\d{2}-\d{2}$'
     OR (a.evidence ->> 'until')::date < current_date THEN
    PERFORM refuse('SP071', 'deposit_until', jsonb_build_object('until', a.evidence ->> 'until'));
  END IF;
  UPDATE sales_order SET deposit = deposit + (a.evidence ->> 'deposit')::numeric,
         lock_until = (a.evidence ->> 'until')::date
  WHERE document_id = a.document_id;
END $$;

-- Triggers of earlier versions.
DROP TRIGGER IF EXISTS sales_before_act ON act;
DROP TRIGGER IF EXISTS sales_after_act ON act;
DROP TRIGGER IF EXISTS shipped_whole ON act;
DROP FUNCTION IF EXISTS sales_before_act();
DROP FUNCTION IF EXISTS sales_after_act();
DROP FUNCTION IF EXISTS shipped_whole();

-- Out of the door in one call, so that the service waits once: what stands at the dock leaves, and
-- the order learns in the same transaction that goods left, all or part of them. ``door`` are the
-- spellings of what was scanned at the exit, ``label`` those of the waybill, in capitals; ``topics``
-- gains the order's own. It has no rights of its own: grants and guards decide as for any act.
DROP FUNCTION IF EXISTS tell_order(bigint, bigint, uuid);
CREATE OR REPLACE FUNCTION ship_departure(of_uuid uuid, order_uuid uuid, of_shipment bigint,
  expected bigint, door text[], label text[], said jsonb, topics text)
RETURNS TABLE (id bigint, number text, state text, version bigint) LANGUAGE plpgsql AS $$
DECLARE s record; of_act bigint; code text;
BEGIN
  IF EXISTS (SELECT 1 FROM act a WHERE a.uuid = of_uuid) THEN  -- sent again: it stands as it is
    RETURN QUERY SELECT d.id, d.number, d.state, d.version FROM document d WHERE d.id = of_shipment;
    RETURN;
  END IF;
  -- Documents are locked in order of their ids: the order is older.
  SELECT w.exit_code, d.number, o.id AS origin INTO s FROM document d
  JOIN document o ON o.id = d.origin_id JOIN warehouse w ON w.id = d.warehouse_id
  WHERE d.id = of_shipment FOR NO KEY UPDATE OF o, d;
  SELECT l INTO code FROM unnest(label) l WHERE l IN (upper(s.exit_code), upper(s.number)) LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('SP075', 'no_waybill', jsonb_build_object('code', code));
  END IF;
  IF upper(s.exit_code) = ANY (door) THEN
    said := jsonb_set(said, '{exit_code}', to_jsonb(s.exit_code));
  END IF;
  INSERT INTO act (uuid, document_id, verb, evidence, expected_version)
  VALUES (of_uuid, of_shipment, 'ship', said, expected) RETURNING act.id INTO of_act;
  -- Each line looks its pins up, so that no kept plan ever reads the pins of all shipments.
  INSERT INTO stock_move (act_id, line_id, item_id, lot_id, box_id, from_location_id, to_location_id,
                          qty, reservation_id)
  SELECT of_act, l.id, l.item_id, n.lot_id, n.box_id, n.location_id,
         (SELECT c.id FROM location c WHERE c.code = 'CUSTOMER' AND c.kind = 'customer'), n.qty, n.reservation_id
  FROM document_line l CROSS JOIN LATERAL (
    SELECT * FROM allocation n WHERE n.line_id = l.id AND n.qty > 0
    AND (SELECT p.kind FROM location p WHERE p.id = n.location_id) = 'staging' OFFSET 0) n
  WHERE l.document_id = of_shipment ORDER BY l.line_no, n.lot_id, n.reservation_id;
  INSERT INTO act (uuid, document_id, verb, evidence)
  SELECT order_uuid, s.origin, CASE WHEN bool_or(p.ordered > coalesce(p.done, 0)) THEN 'ship_part'
                                    ELSE 'ship_rest' END, jsonb_build_object('shipment', s.number)
  FROM line_progress(s.origin, 'ship') p;
  PERFORM pg_notify('stockproof', (topics::jsonb || to_jsonb('document:' || s.origin))::text);
  RETURN QUERY SELECT d.id, d.number, d.state, d.version FROM document d WHERE d.id = of_shipment;
END $$;

-- A parcel leaves as it was verified: nothing of it may be left at the dock.
CREATE OR REPLACE FUNCTION shipped_whole(of_shipment bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  -- Line by line, so that no plan ever reads the pins of all shipments.
  SELECT (SELECT d.number FROM document d WHERE d.id = l.document_id), l.line_no,
         (SELECT i.code FROM item i WHERE i.id = l.item_id) AS item, trim_scale(n.qty) AS qty INTO bad
  FROM document_line l
  JOIN LATERAL (SELECT sum(n.qty) AS qty FROM allocation n WHERE n.line_id = l.id) n ON n.qty > 0
  WHERE l.document_id = of_shipment ORDER BY l.line_no LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('SP074', 'left_behind', to_jsonb(bad));
  END IF;
END $$;
