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
CREATE OR REPLACE FUNCTION available_check(items bigint[]) RETURNS void LANGUAGE plpgsql
SET enable_hashjoin = on SET enable_mergejoin = on AS $$
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

-- Says what is wrong with a move, if anything: it must be explained by an act of this
-- transaction, a line of its document and a rule of its life cycle; lots belong to the item;
-- expired and held goods stay.
CREATE OR REPLACE FUNCTION refuse_wrong_move(of_act bigint, of_line bigint, of_item bigint, of_lot bigint,
  from_place bigint, to_place bigint, quantity numeric) RETURNS void LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT l.line_no, i.code AS item, o.code AS lot, f.code AS from_code, t.code AS to_code,
         CASE WHEN a.id IS NULL OR a.txid <> pg_current_xact_id() THEN 'no_act'
              WHEN l.id IS NULL OR l.document_id <> a.document_id THEN 'line_of_other_document'
              WHEN l.item_id <> of_item THEN 'other_item'
              WHEN f.id IS NULL OR t.id IS NULL THEN 'place_unknown'
              WHEN NOT t.is_active THEN 'place_closed'
              WHEN r.kind IS NULL THEN 'places_not_allowed'
              WHEN o.id IS NULL OR (o.id <> 0 AND o.item_id <> of_item) THEN 'lot_of_other_item'
              WHEN (i.tracking = 'none') <> (of_lot = 0) THEN 'lot_needed'
              WHEN i.tracking = 'serial' AND quantity <> 1 THEN 'serial_one_piece'
              WHEN quantity <> round(quantity, i.uom_decimals::int) THEN 'too_many_decimals'
              WHEN t.kind = 'customer' AND o.held THEN 'lot_held'
              WHEN t.kind = 'customer' AND o.expires_at <= clock_timestamp() THEN 'lot_expired'
         END AS problem
  INTO bad
  FROM (SELECT 1) one
  LEFT JOIN act a ON a.id = of_act
  LEFT JOIN document d ON d.id = a.document_id
  LEFT JOIN document_line l ON l.id = of_line
  LEFT JOIN item i ON i.id = of_item
  LEFT JOIN lot o ON o.id = of_lot
  LEFT JOIN location f ON f.id = from_place
  LEFT JOIN location t ON t.id = to_place
  LEFT JOIN movement_rule r ON r.kind = d.kind AND r.verb = a.verb
        AND r.from_kind = f.kind AND r.to_kind = t.kind AND t.is_active;
  IF bad.problem IS NOT NULL THEN
    PERFORM refuse('SP010', 'move_refused', to_jsonb(bad));
  END IF;
END $$;

-- Names every balance that would be short, with who has goods set aside there.
CREATE OR REPLACE FUNCTION refuse_short(items bigint[], locations bigint[], lots bigint[],
  boxes bigint[], on_hand_deltas numeric[], lines bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE facts jsonb;
BEGIN
  SELECT jsonb_agg(jsonb_build_object(
           'line_no', l.line_no, 'item', i.code, 'place', p.code, 'lot', o.code,
           'wanted', -k.q, 'on_hand', coalesce(b.on_hand, 0),
           'free', coalesce(b.on_hand - b.allocated, 0),
           'holders', (SELECT jsonb_agg(DISTINCT d.number) FROM allocation n
                       JOIN document_line h ON h.id = n.line_id JOIN document d ON d.id = h.document_id
                       WHERE n.item_id = k.item AND n.location_id = k.loc AND n.lot_id = k.lot
                         AND n.box_id = k.box AND n.qty > 0)) ORDER BY l.line_no)
  INTO facts
  FROM unnest(items, locations, lots, boxes, on_hand_deltas, lines) AS k(item, loc, lot, box, q, line)
  JOIN item i ON i.id = k.item JOIN location p ON p.id = k.loc JOIN lot o ON o.id = k.lot
  LEFT JOIN document_line l ON l.id = k.line
  LEFT JOIN stock_balance b ON b.item_id = k.item AND b.location_id = k.loc AND b.lot_id = k.lot
   AND b.box_id = k.box
  WHERE k.q < 0 AND coalesce(b.on_hand - b.allocated, 0) + k.q < 0;
  PERFORM refuse('SP017', 'stock_short', jsonb_build_object('items', coalesce(facts, '[]')));
END $$;

-- What a reservation's goods do: the pin at the source shrinks, moves on to another sellable
-- place (``stays``), or is used up together with the reservation when the goods leave stock.
DROP FUNCTION IF EXISTS allocation_follow(bigint[], bigint[], bigint[], bigint[], bigint[],
  bigint[], bigint[], numeric[]);
CREATE OR REPLACE FUNCTION allocation_follow(reservations bigint[], items bigint[], sources bigint[],
  targets bigint[], lots bigint[], boxes bigint[], lines bigint[], quantities numeric[],
  stays boolean[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE taken numeric;
BEGIN
  WITH changed AS (
    UPDATE allocation n SET qty = n.qty - taken.q
    FROM (SELECT k.res, k.item, k.src, k.lot, k.box, k.line, sum(k.q) AS q
          FROM unnest(reservations, items, sources, lots, boxes, lines, quantities)
               AS k(res, item, src, lot, box, line, q) GROUP BY 1, 2, 3, 4, 5, 6) taken
    WHERE n.reservation_id = taken.res AND n.item_id = taken.item AND n.location_id = taken.src
      AND n.lot_id = taken.lot AND n.box_id = taken.box AND n.line_id = taken.line RETURNING taken.q)
  SELECT sum(changed.q) INTO taken FROM changed;
  IF taken IS DISTINCT FROM (SELECT sum(q) FROM unnest(quantities) q) THEN
    PERFORM refuse('SP014', 'not_allocated');
  END IF;
  IF true = ANY (stays) THEN
    INSERT INTO allocation AS n (reservation_id, item_id, location_id, lot_id, box_id, line_id, qty)
    SELECT k.res, k.item, k.dst, k.lot, k.box, k.line, sum(k.q)
    FROM unnest(reservations, items, targets, lots, boxes, lines, quantities, stays)
         AS k(res, item, dst, lot, box, line, q, stays)
    WHERE k.stays GROUP BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (reservation_id, item_id, location_id, lot_id, box_id, line_id)
    DO UPDATE SET qty = n.qty + excluded.qty;
  END IF;
  IF false = ANY (stays) THEN
    UPDATE reservation r SET qty_open = r.qty_open - gone.q
    FROM (SELECT k.res, sum(k.q) AS q FROM unnest(reservations, quantities, stays) AS k(res, q, stays)
          WHERE NOT k.stays GROUP BY 1) gone
    WHERE r.id = gone.res;
  END IF;
END $$;

-- What is to be known of a move: whether anything is wrong with it (refuse_wrong_move says what),
-- what its places are, and whether it takes sellable goods that nobody reserved out of a warehouse.
CREATE OR REPLACE FUNCTION move_facts(of_act bigint, of_line bigint, of_item bigint, of_lot bigint,
  source bigint, target bigint, quantity numeric, reserved bigint)
RETURNS TABLE (bad boolean, counted boolean, from_kind text, to_kind text, shrinks boolean)
LANGUAGE sql STABLE AS $$
  SELECT a.id IS NULL OR a.txid <> pg_current_xact_id()
         OR l.id IS NULL OR l.document_id <> a.document_id OR l.item_id <> of_item
         OR r.kind IS NULL OR o.id IS NULL OR (o.id <> 0 AND o.item_id <> of_item)
         OR (i.tracking = 'none') <> (of_lot = 0) OR (i.tracking = 'serial' AND quantity <> 1)
         OR quantity <> round(quantity, i.uom_decimals::int)
         OR (t.kind = 'customer' AND (o.held OR o.expires_at <= clock_timestamp())) IS TRUE,
         a.verb = 'approve_count', f.kind, t.kind,
         reserved IS NULL AND f.kind IN ('bin','receiving','staging')
         AND NOT (t.kind IN ('bin','receiving','staging') AND t.warehouse_id = f.warehouse_id)
  FROM (SELECT 1) one
  LEFT JOIN act a ON a.id = of_act
  LEFT JOIN document_line l ON l.id = of_line
  LEFT JOIN item i ON i.id = of_item
  LEFT JOIN lot o ON o.id = of_lot
  LEFT JOIN location f ON f.id = source
  LEFT JOIN location t ON t.id = target
  LEFT JOIN movement_rule r ON r.kind = a.kind AND r.verb = a.verb
        AND r.from_kind = f.kind AND r.to_kind = t.kind AND t.is_active
$$;

-- Plans are kept from the first call on: made for 500 moves they would hash whole tables for
-- one move (13 ms instead of 5, measured). Index look-ups are right for any number of moves.
CREATE OR REPLACE FUNCTION stock_move_post() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  holding CONSTANT text[] := '{bin,receiving,staging,hold,transit,subcontractor,production}';
  one record;
  comes boolean;
  leaves boolean;
  reserved numeric;
  k record;
  locked record;
BEGIN
  -- One move that only comes in or only leaves, which most acts at a station are, touches one
  -- balance: no order of locks, no arrays. Anything else about it goes the general way.
  SELECT m.*, f.*, (SELECT count(*) FROM new_moves) AS moves INTO one
  FROM new_moves m CROSS JOIN LATERAL move_facts(m.act_id, m.line_id, m.item_id, m.lot_id,
    m.from_location_id, m.to_location_id, m.qty, m.reservation_id) f LIMIT 1;
  IF one.moves = 1 AND NOT one.bad AND NOT one.shrinks
     AND NOT EXISTS (SELECT 1 FROM stock_move s WHERE s.act_id = one.act_id AND s.id < one.id) THEN
    leaves := one.from_kind = ANY (holding) AND NOT one.to_kind = ANY (holding);
    comes := one.reservation_id IS NULL AND one.to_kind = ANY (holding) AND NOT one.from_kind = ANY (holding);
    IF comes THEN
      INSERT INTO stock_balance AS b (item_id, location_id, lot_id, box_id, on_hand)
      VALUES (one.item_id, one.to_location_id, one.lot_id, one.box_id, one.qty)
      ON CONFLICT (item_id, location_id, lot_id, box_id)
      DO UPDATE SET on_hand = b.on_hand + excluded.on_hand;
    ELSIF leaves THEN
      reserved := CASE WHEN one.reservation_id IS NULL THEN 0 ELSE one.qty END;
      UPDATE stock_balance b SET on_hand = b.on_hand - one.qty, allocated = b.allocated - reserved
      WHERE b.item_id = one.item_id AND b.location_id = one.from_location_id AND b.lot_id = one.lot_id
        AND b.box_id = one.box_id AND b.on_hand >= one.qty
        AND b.allocated - reserved BETWEEN 0 AND b.on_hand - one.qty;
      IF NOT FOUND THEN
        PERFORM refuse_short(ARRAY[one.item_id], ARRAY[one.from_location_id], ARRAY[one.lot_id],
                             ARRAY[one.box_id], ARRAY[-one.qty], ARRAY[one.line_id]);
      END IF;
      IF reserved > 0 THEN
        -- The pin and what is still promised, by their keys.
        UPDATE allocation n SET qty = n.qty - one.qty
        WHERE n.reservation_id = one.reservation_id AND n.item_id = one.item_id
          AND n.location_id = one.from_location_id AND n.lot_id = one.lot_id
          AND n.box_id = one.box_id AND n.line_id = one.line_id;
        IF NOT FOUND THEN
          PERFORM refuse('SP014', 'not_allocated');
        END IF;
        UPDATE reservation r SET qty_open = r.qty_open - one.qty WHERE r.id = one.reservation_id;
      END IF;
    END IF;
    IF comes OR leaves THEN
      IF one.counted THEN
        PERFORM count_posting_check(a) FROM act a WHERE a.id = one.act_id;
      END IF;
      RETURN NULL;
    END IF;
  END IF;

  -- 1. One pass over the moves: is anything wrong, is anything reserved, whose unreserved sellable
  --    stock shrinks (others' reservations must still hold afterwards), and what each balance gains
  --    or loses, one entry per key, in key order.
  WITH m AS MATERIALIZED (
    SELECT m.*, f.* FROM new_moves m CROSS JOIN LATERAL move_facts(m.act_id, m.line_id, m.item_id,
      m.lot_id, m.from_location_id, m.to_location_id, m.qty, m.reservation_id) f),
  e AS (
    SELECT m.item_id, s.loc, m.lot_id, m.box_id, sum(s.q) AS q, min(m.line_id) AS line,
           sum(CASE WHEN m.reservation_id IS NULL THEN 0
                    WHEN s.q < 0 OR s.kind IN ('bin','receiving','staging') THEN s.q ELSE 0 END) AS a
    FROM m CROSS JOIN LATERAL (VALUES (m.from_location_id, m.from_kind, -m.qty),
                                      (m.to_location_id, m.to_kind, m.qty)) AS s(loc, kind, q)
    WHERE s.kind IN ('bin','receiving','staging','hold','transit','subcontractor','production')
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4)
  SELECT seen.*, keys.* INTO k
  FROM (SELECT bool_or(m.bad) AS bad, array_agg(m.item_id) FILTER (WHERE m.shrinks) AS shrinking,
               bool_or(m.reservation_id IS NOT NULL) AS reserved, bool_or(m.counted) AS counted,
               min(m.id) AS first, array_agg(m.act_id) AS acts FROM m) seen,
       (SELECT array_agg(e.item_id) AS items, array_agg(e.loc) AS locations, array_agg(e.lot_id) AS lots,
               array_agg(e.box_id) AS boxes, array_agg(e.q) AS on_hand, array_agg(e.a) AS allocated,
               array_agg(e.line) AS lines, bool_and(e.q >= 0 AND e.a = 0) AS gains FROM e) keys;
  IF k.bad OR k.bad IS NULL THEN
    PERFORM refuse_wrong_move(m.act_id, m.line_id, m.item_id, m.lot_id, m.from_location_id,
                              m.to_location_id, m.qty) FROM new_moves m;
  END IF;

  -- An act moves its goods in one statement. What it must be is checked when the transaction ends
  -- (act_ends), a moment that SET CONSTRAINTS brings forward: nothing may follow it.
  IF EXISTS (SELECT 1 FROM stock_move s WHERE s.act_id = ANY (k.acts) AND s.id < k.first) THEN
    PERFORM refuse('SP010', 'move_refused', '{"problem": "act_has_moved"}');
  END IF;

  -- 2. Goods only come in: rows are made or raised in key order, nothing can be short.
  --    Otherwise lock in key order and see every shortage at once; make rows that do not exist yet.
  IF k.gains THEN
    INSERT INTO stock_balance AS b (item_id, location_id, lot_id, box_id, on_hand)
    SELECT u.item, u.loc, u.lot, u.box, u.q
    FROM unnest(k.items, k.locations, k.lots, k.boxes, k.on_hand) AS u(item, loc, lot, box, q)
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (item_id, location_id, lot_id, box_id)
    DO UPDATE SET on_hand = b.on_hand + excluded.on_hand;
  ELSIF k.items IS NOT NULL THEN
    FOR attempt IN 1..2 LOOP
      IF k.shrinking IS NULL THEN
        SELECT count(*) AS rows, bool_or(s.on_hand + s.q < 0 OR s.allocated + s.a < 0
                 OR s.allocated + s.a > s.on_hand + s.q) AS short INTO locked
        FROM (SELECT b.on_hand, b.allocated, u.q, u.a FROM stock_balance b
              JOIN unnest(k.items, k.locations, k.lots, k.boxes, k.on_hand, k.allocated)
                   AS u(item, loc, lot, box, q, a)
                ON b.item_id = u.item AND b.location_id = u.loc AND b.lot_id = u.lot AND b.box_id = u.box
              ORDER BY b.item_id, b.location_id, b.lot_id, b.box_id
              FOR NO KEY UPDATE OF b OFFSET 0) s;
      ELSE
        SELECT count(s.q) AS rows, bool_or(s.on_hand + s.q < 0 OR s.allocated + s.a < 0
                 OR s.allocated + s.a > s.on_hand + s.q) AS short INTO locked
        FROM (SELECT b.on_hand, b.allocated, u.q, u.a FROM stock_balance b
              LEFT JOIN unnest(k.items, k.locations, k.lots, k.boxes, k.on_hand, k.allocated)
                   AS u(item, loc, lot, box, q, a)
                ON b.item_id = u.item AND b.location_id = u.loc AND b.lot_id = u.lot AND b.box_id = u.box
              WHERE b.item_id = ANY (k.items)
              ORDER BY b.item_id, b.location_id, b.lot_id, b.box_id
              FOR NO KEY UPDATE OF b OFFSET 0) s;
      END IF;
      EXIT WHEN locked.rows = cardinality(k.items) OR attempt = 2;
      INSERT INTO stock_balance (item_id, location_id, lot_id, box_id)
      SELECT u.item, u.loc, u.lot, u.box
      FROM unnest(k.items, k.locations, k.lots, k.boxes) AS u(item, loc, lot, box)
      ORDER BY 1, 2, 3, 4 ON CONFLICT DO NOTHING;
    END LOOP;
    IF locked.short THEN
      PERFORM refuse_short(k.items, k.locations, k.lots, k.boxes, k.on_hand, k.lines);
    END IF;
    UPDATE stock_balance b SET on_hand = b.on_hand + u.q, allocated = b.allocated + u.a
    FROM unnest(k.items, k.locations, k.lots, k.boxes, k.on_hand, k.allocated)
         AS u(item, loc, lot, box, q, a)
    WHERE b.item_id = u.item AND b.location_id = u.loc AND b.lot_id = u.lot AND b.box_id = u.box;
  END IF;

  -- 3. Reservations follow their goods; nobody else's promise may break.
  IF k.reserved THEN
    PERFORM allocation_follow(
      array_agg(m.reservation_id), array_agg(m.item_id), array_agg(m.from_location_id),
      array_agg(m.to_location_id), array_agg(m.lot_id), array_agg(m.box_id), array_agg(m.line_id),
      array_agg(m.qty), array_agg(t.kind IN ('bin','receiving','staging')))
    FROM new_moves m JOIN location t ON t.id = m.to_location_id WHERE m.reservation_id IS NOT NULL;
  END IF;
  IF k.shrinking IS NOT NULL THEN
    PERFORM available_check(k.shrinking);
  END IF;
  -- 4. A count may be approved without moves: act_ends may have been content before they came.
  IF k.counted THEN
    PERFORM count_posting_check(a) FROM act a WHERE a.id = ANY (k.acts);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER stock_move_post AFTER INSERT ON stock_move
REFERENCING NEW TABLE AS new_moves FOR EACH STATEMENT EXECUTE FUNCTION stock_move_post();
