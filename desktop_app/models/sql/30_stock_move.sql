-- The ledger: each move needs an act of this very transaction, and balances follow
-- set-wise. Lock order everywhere: document rows, then balance rows by
-- (item, location, lot, box), then the number row. See docs/adr/0005.

-- Creates missing rows, then locks the keys (and all rows of ``wide`` items) in order.
CREATE OR REPLACE FUNCTION lock_balances(
  items bigint[], locations bigint[], lots bigint[], boxes bigint[], wide bigint[] DEFAULT '{}')
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO stock_balance (item_id, location_id, lot_id, box_id)
  SELECT DISTINCT k.item, k.loc, k.lot, k.box
  FROM unnest(items, locations, lots, boxes) AS k(item, loc, lot, box)
  JOIN location l ON l.id = k.loc
   AND l.kind IN ('bin','receiving','staging','hold','transit','subcontractor','production')
  WHERE NOT EXISTS (SELECT 1 FROM stock_balance b WHERE b.item_id = k.item
                    AND b.location_id = k.loc AND b.lot_id = k.lot AND b.box_id = k.box)
  ORDER BY 1, 2, 3, 4
  ON CONFLICT DO NOTHING;
  IF cardinality(wide) = 0 THEN
    PERFORM 1 FROM stock_balance b
    JOIN unnest(items, locations, lots, boxes) AS k(item, loc, lot, box)
      ON b.item_id = k.item AND b.location_id = k.loc AND b.lot_id = k.lot AND b.box_id = k.box
    ORDER BY b.item_id, b.location_id, b.lot_id, b.box_id FOR NO KEY UPDATE OF b;
  ELSE
    PERFORM 1 FROM stock_balance b
    WHERE b.item_id = ANY (wide) OR (b.item_id, b.location_id, b.lot_id, b.box_id) IN (
      SELECT k.item, k.loc, k.lot, k.box
      FROM unnest(items, locations, lots, boxes) AS k(item, loc, lot, box))
    ORDER BY b.item_id, b.location_id, b.lot_id, b.box_id FOR NO KEY UPDATE OF b;
  END IF;
END $$;

-- available = on-hand in sellable places (not expired, not held) - open reservations.
CREATE OR REPLACE FUNCTION stock_available(items bigint[])
RETURNS TABLE (item_id bigint, warehouse_id bigint, on_hand numeric, reserved numeric)
LANGUAGE sql STABLE AS $$
  SELECT coalesce(h.item_id, r.item_id), coalesce(h.warehouse_id, r.warehouse_id),
         coalesce(h.qty, 0), coalesce(r.qty, 0)
  FROM (SELECT b.item_id, l.warehouse_id, sum(b.on_hand) AS qty
        FROM stock_balance b JOIN location l ON l.id = b.location_id JOIN lot o ON o.id = b.lot_id
        WHERE b.item_id = ANY (items) AND l.kind IN ('bin','receiving','staging')
          AND NOT o.held AND (o.expires_at IS NULL OR o.expires_at > clock_timestamp())
        GROUP BY 1, 2) h
  FULL JOIN (SELECT v.item_id, v.warehouse_id, sum(v.qty_open) AS qty
        FROM reservation v WHERE v.item_id = ANY (items) AND v.qty_open > 0 GROUP BY 1, 2) r
    ON r.item_id = h.item_id AND r.warehouse_id = h.warehouse_id
$$;

-- Refuses when an item's reservations in a warehouse exceed what is there; names the holders.
CREATE OR REPLACE FUNCTION available_check(items bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE facts jsonb;
BEGIN
  SELECT jsonb_agg(jsonb_build_object(
           'item_id', s.item_id, 'item', i.code, 'warehouse', w.name,
           'on_hand', s.on_hand, 'reserved', s.reserved,
           'holders', (SELECT jsonb_agg(DISTINCT d.number) FROM reservation r
                       JOIN document_line l ON l.id = r.line_id JOIN document d ON d.id = l.document_id
                       WHERE r.item_id = s.item_id AND r.warehouse_id = s.warehouse_id
                         AND r.qty_open > 0 AND d.number IS NOT NULL)))
  INTO facts
  FROM stock_available(items) s
  JOIN item i ON i.id = s.item_id JOIN warehouse w ON w.id = s.warehouse_id
  WHERE s.on_hand < s.reserved;
  IF facts IS NOT NULL THEN
    PERFORM refuse('SP011', 'stock_reserved', jsonb_build_object('items', facts));
  END IF;
END $$;

CREATE OR REPLACE FUNCTION stock_move_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  -- The clock of a move is the server's; a client cannot send another.
  NEW.at := clock_timestamp();
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER stock_move_guard BEFORE INSERT ON stock_move
FOR EACH ROW EXECUTE FUNCTION stock_move_guard();

CREATE OR REPLACE FUNCTION stock_move_post() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  bad record;
  facts record;
  items bigint[]; locations bigint[]; lots bigint[]; boxes bigint[];
  on_hand_deltas numeric[]; allocated_deltas numeric[];
  touched bigint;
BEGIN
  -- 1. Every move is explained by an act of this transaction, by a line of its document
  --    and by a rule of its life cycle; lots belong to the item; expired goods stay.
  SELECT m.id, l.line_no, i.code AS item, o.code AS lot, f.code AS from_code, t.code AS to_code,
         CASE WHEN a.id IS NULL OR a.txid <> pg_current_xact_id() THEN 'no_act'
              WHEN l.id IS NULL OR l.document_id <> a.document_id THEN 'line_of_other_document'
              WHEN l.item_id <> m.item_id THEN 'other_item'
              WHEN f.id IS NULL OR t.id IS NULL THEN 'place_unknown'
              WHEN r.kind IS NULL THEN 'places_not_allowed'
              WHEN o.id IS NULL OR (o.id <> 0 AND o.item_id <> m.item_id) THEN 'lot_of_other_item'
              WHEN (i.tracking = 'none') <> (m.lot_id = 0) THEN 'lot_needed'
              WHEN i.tracking = 'serial' AND m.qty <> 1 THEN 'serial_one_piece'
              WHEN m.qty <> round(m.qty, i.uom_decimals::int) THEN 'too_many_decimals'
              WHEN t.kind = 'customer' AND o.held THEN 'lot_held'
              WHEN t.kind = 'customer' AND o.expires_at <= clock_timestamp() THEN 'lot_expired'
         END AS problem
  INTO bad
  FROM new_moves m
  LEFT JOIN act a ON a.id = m.act_id
  LEFT JOIN document d ON d.id = a.document_id
  LEFT JOIN document_line l ON l.id = m.line_id
  LEFT JOIN item i ON i.id = m.item_id
  LEFT JOIN lot o ON o.id = m.lot_id
  LEFT JOIN location f ON f.id = m.from_location_id
  LEFT JOIN location t ON t.id = m.to_location_id
  LEFT JOIN movement_rule r ON r.kind = d.kind AND r.verb = a.verb
        AND r.from_kind = f.kind AND r.to_kind = t.kind
  WHERE a.id IS NULL OR a.txid <> pg_current_xact_id()
     OR l.id IS NULL OR l.document_id <> a.document_id
     OR l.item_id <> m.item_id
     OR r.kind IS NULL OR o.id IS NULL OR (o.id <> 0 AND o.item_id <> m.item_id)
     OR (i.tracking = 'none') <> (m.lot_id = 0)
     OR (i.tracking = 'serial' AND m.qty <> 1)
     OR m.qty <> round(m.qty, i.uom_decimals::int)
     OR (t.kind = 'customer' AND (o.held OR o.expires_at <= clock_timestamp()))
  ORDER BY l.line_no LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('SP010', 'move_refused', to_jsonb(bad));
  END IF;

  -- 2. What each balance gains or loses, one entry per key, in key order.
  SELECT array_agg(e.item_id ORDER BY e.item_id, e.loc, e.lot_id, e.box_id),
         array_agg(e.loc ORDER BY e.item_id, e.loc, e.lot_id, e.box_id),
         array_agg(e.lot_id ORDER BY e.item_id, e.loc, e.lot_id, e.box_id),
         array_agg(e.box_id ORDER BY e.item_id, e.loc, e.lot_id, e.box_id),
         array_agg(e.q ORDER BY e.item_id, e.loc, e.lot_id, e.box_id),
         array_agg(e.a ORDER BY e.item_id, e.loc, e.lot_id, e.box_id)
  INTO items, locations, lots, boxes, on_hand_deltas, allocated_deltas
  FROM (
    SELECT s.item_id, s.loc, s.lot_id, s.box_id, sum(s.q) AS q, sum(s.a) AS a
    FROM (
      SELECT m.item_id, m.from_location_id AS loc, m.lot_id, m.box_id, -m.qty AS q,
             CASE WHEN m.reservation_id IS NULL THEN 0 ELSE -m.qty END AS a
      FROM new_moves m
      UNION ALL
      SELECT m.item_id, m.to_location_id, m.lot_id, m.box_id, m.qty,
             CASE WHEN m.reservation_id IS NOT NULL
                   AND t.kind IN ('bin','receiving','staging') THEN m.qty ELSE 0 END
      FROM new_moves m JOIN location t ON t.id = m.to_location_id
    ) s
    JOIN location p ON p.id = s.loc
     AND p.kind IN ('bin','receiving','staging','hold','transit','subcontractor','production')
    GROUP BY 1, 2, 3, 4
  ) e;

  -- 3. Items whose unreserved sellable stock shrinks: others' reservations must still hold.
  SELECT array_agg(DISTINCT m.item_id) FILTER (WHERE m.reservation_id IS NULL
            AND f.kind IN ('bin','receiving','staging')
            AND NOT (t.kind IN ('bin','receiving','staging') AND t.warehouse_id = f.warehouse_id))
           AS shrinking,
         bool_or(m.reservation_id IS NOT NULL) AS reserved
  INTO facts
  FROM new_moves m
  JOIN location f ON f.id = m.from_location_id JOIN location t ON t.id = m.to_location_id;

  IF items IS NOT NULL THEN
    PERFORM lock_balances(items, locations, lots, boxes, coalesce(facts.shrinking, '{}'));
    UPDATE stock_balance b
    SET on_hand = b.on_hand + k.q, allocated = b.allocated + k.a
    FROM unnest(items, locations, lots, boxes, on_hand_deltas, allocated_deltas)
         AS k(item, loc, lot, box, q, a)
    WHERE b.item_id = k.item AND b.location_id = k.loc AND b.lot_id = k.lot AND b.box_id = k.box;
  END IF;
  IF facts.reserved THEN
    PERFORM set_config('stockproof.posting', 'on', true);
    WITH taken AS (
      SELECT m.reservation_id, m.item_id, m.from_location_id AS loc, m.lot_id, m.box_id, m.line_id,
             sum(m.qty) AS qty
      FROM new_moves m WHERE m.reservation_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6)
    UPDATE allocation n SET qty = n.qty - taken.qty FROM taken
    WHERE n.reservation_id = taken.reservation_id AND n.item_id = taken.item_id
      AND n.location_id = taken.loc AND n.lot_id = taken.lot_id AND n.box_id = taken.box_id
      AND n.line_id = taken.line_id;
    GET DIAGNOSTICS touched = ROW_COUNT;
    IF touched < (SELECT count(*) FROM (SELECT DISTINCT reservation_id, item_id, from_location_id,
        lot_id, box_id, line_id FROM new_moves WHERE reservation_id IS NOT NULL) k) THEN
      PERFORM refuse('SP014', 'not_allocated', '{}');
    END IF;
    INSERT INTO allocation AS n (reservation_id, item_id, location_id, lot_id, box_id, line_id, qty)
    SELECT m.reservation_id, m.item_id, m.to_location_id, m.lot_id, m.box_id, m.line_id, sum(m.qty)
    FROM new_moves m JOIN location t ON t.id = m.to_location_id
    WHERE m.reservation_id IS NOT NULL AND t.kind IN ('bin','receiving','staging')
    GROUP BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (reservation_id, item_id, location_id, lot_id, box_id, line_id)
    DO UPDATE SET qty = n.qty + excluded.qty;
    UPDATE reservation r SET qty_open = r.qty_open - left_stock.qty
    FROM (SELECT m.reservation_id, sum(m.qty) AS qty
          FROM new_moves m JOIN location t ON t.id = m.to_location_id
          WHERE m.reservation_id IS NOT NULL AND t.kind NOT IN ('bin','receiving','staging')
          GROUP BY 1) left_stock
    WHERE r.id = left_stock.reservation_id;
    PERFORM set_config('stockproof.posting', '', true);
  END IF;
  IF facts.shrinking IS NOT NULL THEN
    PERFORM available_check(facts.shrinking);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER stock_move_post AFTER INSERT ON stock_move
REFERENCING NEW TABLE AS new_moves FOR EACH STATEMENT EXECUTE FUNCTION stock_move_post();
