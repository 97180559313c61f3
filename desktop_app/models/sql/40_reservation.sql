-- Who gets which stock. Made under lock of the items' balance rows, so that any number
-- of PCs together can never promise more than lies there.

CREATE OR REPLACE FUNCTION act_is_current(of_act bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT txid = pg_current_xact_id() FROM act WHERE id = of_act), false)
$$;

CREATE OR REPLACE FUNCTION reservation_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE items bigint[];
BEGIN
  IF EXISTS (
      SELECT 1 FROM new_rows n
      LEFT JOIN document_line l ON l.id = n.line_id
      LEFT JOIN act a ON a.id = n.act_id
      WHERE NOT act_is_current(n.act_id) OR l.item_id IS DISTINCT FROM n.item_id
         OR n.qty_open <> n.qty
         OR a.document_id NOT IN (SELECT l.document_id UNION ALL
              SELECT later.document_id FROM document_line later WHERE later.origin_line_id = l.id)) THEN
    PERFORM refuse('SP015', 'reservation_without_act');
  END IF;
  SELECT array_agg(DISTINCT item_id) INTO items FROM new_rows;
  IF items IS NOT NULL THEN
    PERFORM lock_balances('{}', '{}', '{}', '{}', items);
    PERFORM available_check(items);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER reservation_guard AFTER INSERT ON reservation
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION reservation_guard();

-- Pin reserved quantities to bins and lots for shipment lines (arrays of equal length).
CREATE OR REPLACE FUNCTION allocate(of_act bigint, reservations bigint[], lines bigint[],
  locations bigint[], lots bigint[], boxes bigint[], quantities numeric[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE items bigint[]; short record;
BEGIN
  IF NOT act_is_current(of_act) OR EXISTS (
      SELECT 1 FROM unnest(lines) AS k(line) LEFT JOIN document_line l ON l.id = k.line
      LEFT JOIN act a ON a.id = of_act WHERE l.document_id IS DISTINCT FROM a.document_id) THEN
    PERFORM refuse('SP015', 'reservation_without_act');
  END IF;
  SELECT array_agg(r.item_id ORDER BY k.n) INTO items
  FROM unnest(reservations) WITH ORDINALITY AS k(id, n) JOIN reservation r ON r.id = k.id;
  PERFORM lock_balances(items, locations, lots, boxes);
  UPDATE stock_balance b SET allocated = b.allocated + k.q
  FROM (SELECT u.item, u.loc, u.lot, u.box, sum(u.q) AS q
        FROM unnest(items, locations, lots, boxes, quantities) AS u(item, loc, lot, box, q)
        GROUP BY 1, 2, 3, 4) k
  WHERE b.item_id = k.item AND b.location_id = k.loc AND b.lot_id = k.lot AND b.box_id = k.box;
  INSERT INTO allocation AS n (reservation_id, item_id, location_id, lot_id, box_id, line_id, qty)
  SELECT u.res, u.item, u.loc, u.lot, u.box, u.line, sum(u.q)
  FROM unnest(reservations, items, locations, lots, boxes, lines, quantities)
       AS u(res, item, loc, lot, box, line, q)
  GROUP BY 1, 2, 3, 4, 5, 6
  ON CONFLICT (reservation_id, item_id, location_id, lot_id, box_id, line_id)
  DO UPDATE SET qty = n.qty + excluded.qty;
  SELECT r.id, r.qty_open, sum(n.qty) AS qty INTO short
  FROM reservation r JOIN allocation n ON n.reservation_id = r.id
  WHERE r.id = ANY (reservations) GROUP BY r.id, r.qty_open HAVING sum(n.qty) > r.qty_open;
  IF FOUND THEN
    PERFORM refuse('SP014', 'not_allocated', jsonb_build_object('reserved', short.qty_open,
                                                                'wanted', short.qty));
  END IF;
END $$;

-- Undo the pins of a shipment's lines (cancelled or re-planned picking).
CREATE OR REPLACE FUNCTION deallocate(of_act bigint, lines bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT act_is_current(of_act) OR EXISTS (
      SELECT 1 FROM document_line l JOIN act a ON a.id = of_act
      WHERE l.id = ANY (lines) AND l.document_id <> a.document_id) THEN
    PERFORM refuse('SP015', 'reservation_without_act');
  END IF;
  PERFORM lock_balances(array_agg(item_id), array_agg(location_id), array_agg(lot_id),
                        array_agg(box_id))
  FROM allocation WHERE line_id = ANY (lines) AND qty > 0;
  UPDATE stock_balance b SET allocated = b.allocated - k.q
  FROM (SELECT item_id, location_id, lot_id, box_id, sum(qty) AS q FROM allocation
        WHERE line_id = ANY (lines) GROUP BY 1, 2, 3, 4) k
  WHERE b.item_id = k.item_id AND b.location_id = k.location_id AND b.lot_id = k.lot_id
    AND b.box_id = k.box_id;
  UPDATE allocation SET qty = 0 WHERE line_id = ANY (lines);
END $$;

-- Give reserved stock back: deliberate, by an act of the document that holds it.
CREATE OR REPLACE FUNCTION release_reservations(of_act bigint, reservations bigint[],
  quantities numeric[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT act_is_current(of_act) OR EXISTS (
      SELECT 1 FROM reservation r JOIN document_line l ON l.id = r.line_id JOIN act a ON a.id = of_act
      WHERE r.id = ANY (reservations) AND a.document_id <> l.document_id
        AND a.document_id NOT IN (SELECT later.document_id FROM document_line later
                                  WHERE later.origin_line_id = l.id)) THEN
    PERFORM refuse('SP015', 'reservation_without_act');
  END IF;
  UPDATE reservation r SET qty_open = r.qty_open - k.q
  FROM unnest(reservations, quantities) AS k(id, q) WHERE r.id = k.id AND k.q > 0;
  IF EXISTS (SELECT 1 FROM reservation r JOIN allocation n ON n.reservation_id = r.id
             WHERE r.id = ANY (reservations) GROUP BY r.id, r.qty_open
             HAVING sum(n.qty) > r.qty_open) THEN
    PERFORM refuse('SP016', 'reservation_being_picked');
  END IF;
END $$;
