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

-- The order of a shipment learns in the same transaction that goods left, all or part of them.
CREATE OR REPLACE FUNCTION tell_order(of_shipment bigint, of_order bigint, of_uuid uuid)
RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO act (uuid, document_id, verb, evidence)
  SELECT of_uuid, of_order, CASE WHEN (SELECT bool_or(p.ordered > coalesce(p.done, 0))
                                       FROM line_progress(of_order, 'ship') p)
                                 THEN 'ship_part' ELSE 'ship_rest' END,
         jsonb_build_object('shipment', s.number) FROM document s WHERE s.id = of_shipment;
  RETURN of_shipment;
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
