-- Day seal: a hash chain over each day's acts and moves. One changed, missing or slipped-in
-- row changes the day's hash; the per-row digests name the row.

CREATE OR REPLACE FUNCTION ledger_rows(of_day date)
RETURNS TABLE (source char(1), id bigint, digest bytea) LANGUAGE sql STABLE AS $$
  SELECT 'a'::char(1), a.id, sha256(convert_to(concat_ws('|', a.id, a.uuid, a.document_id, a.verb,
           a.from_state, a.to_state, a.actor, a.workstation, extract(epoch FROM a.at), a.evidence,
           a.reason, a.reverses_id), 'UTF8'))
  FROM act a WHERE a.at >= of_day AND a.at < of_day + 1
  UNION ALL
  SELECT 'm'::char(1), m.id, sha256(convert_to(concat_ws('|', m.id, m.act_id, m.line_id, m.item_id,
           m.lot_id, m.box_id, m.from_location_id, m.to_location_id, m.qty, m.weight_g,
           m.reservation_id, extract(epoch FROM m.at)), 'UTF8'))
  FROM stock_move m WHERE m.act_id IN (SELECT a.id FROM act a WHERE a.at >= of_day AND a.at < of_day + 1)
$$;

CREATE OR REPLACE FUNCTION seal_day(of_day date) RETURNS bytea
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET TimeZone = 'UTC' SET bytea_output = 'hex' AS $$
DECLARE before bytea; digests bytea; acts bigint; moves bigint; total bytea;
BEGIN
  IF of_day >= current_date THEN
    PERFORM refuse('SP030', 'day_not_over', jsonb_build_object('day', of_day));
  END IF;
  IF EXISTS (SELECT 1 FROM day_seal WHERE day >= of_day) THEN
    PERFORM refuse('SP031', 'day_sealed', jsonb_build_object('day', of_day));
  END IF;
  SELECT hash INTO before FROM day_seal ORDER BY day DESC LIMIT 1;
  before := coalesce(before, '\x'::bytea);
  SELECT coalesce(string_agg(convert_to(r.source, 'UTF8') || int8send(r.id) || substr(r.digest, 1, 8),
                    ''::bytea ORDER BY r.source, r.id), '\x'::bytea),
         count(*) FILTER (WHERE r.source = 'a'), count(*) FILTER (WHERE r.source = 'm'),
         sha256(before || coalesce(string_agg(r.digest, ''::bytea ORDER BY r.source, r.id), '\x'::bytea))
  INTO digests, acts, moves, total FROM ledger_rows(of_day) r;
  INSERT INTO day_seal (day, act_count, move_count, row_digests, previous, hash)
  VALUES (of_day, acts, moves, digests, before, total);
  RETURN total;
END $$;

-- Rows of a sealed day that differ from the seal: changed, missing or added.
CREATE OR REPLACE FUNCTION verify_day(of_day date)
RETURNS TABLE (source text, row_id bigint, finding text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET TimeZone = 'UTC' SET bytea_output = 'hex' AS $$
  WITH sealed AS (
    SELECT convert_from(substr(s.row_digests, n * 17 + 1, 1), 'UTF8') AS source,
           ('x' || encode(substr(s.row_digests, n * 17 + 2, 8), 'hex'))::bit(64)::bigint AS id,
           substr(s.row_digests, n * 17 + 10, 8) AS digest
    FROM day_seal s, generate_series(0, length(s.row_digests) / 17 - 1) AS n WHERE s.day = of_day),
  found AS (SELECT r.source::text, r.id, substr(r.digest, 1, 8) AS digest FROM ledger_rows(of_day) r)
  SELECT coalesce(sealed.source, found.source), coalesce(sealed.id, found.id),
         CASE WHEN found.id IS NULL THEN 'missing' WHEN sealed.id IS NULL THEN 'added' ELSE 'changed' END
  FROM sealed FULL JOIN found ON found.source = sealed.source AND found.id = sealed.id
  WHERE found.digest IS DISTINCT FROM sealed.digest
  UNION ALL
  SELECT 'seal', NULL, 'chain_broken' FROM day_seal s
  WHERE s.day = of_day AND (s.previous IS DISTINCT FROM coalesce((SELECT p.hash FROM day_seal p
          WHERE p.day < of_day ORDER BY p.day DESC LIMIT 1), '\x'::bytea)
     OR s.hash <> (SELECT sha256(s.previous || coalesce(string_agg(r.digest, ''::bytea
          ORDER BY r.source, r.id), '\x'::bytea)) FROM ledger_rows(of_day) r))
$$;

-- Balances against the ledger: every difference is a row.
CREATE OR REPLACE FUNCTION ledger_differences()
RETURNS TABLE (item_id bigint, location_id bigint, lot_id bigint, box_id bigint,
               on_hand numeric, by_ledger numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH moved AS (
    SELECT s.item_id, s.loc, s.lot_id, s.box_id, sum(s.q) AS q FROM (
      SELECT m.item_id, m.from_location_id AS loc, m.lot_id, m.box_id, -m.qty AS q FROM stock_move m
      UNION ALL
      SELECT m.item_id, m.to_location_id, m.lot_id, m.box_id, m.qty FROM stock_move m) s
    JOIN location l ON l.id = s.loc
     AND l.kind IN ('bin','receiving','staging','hold','transit','subcontractor','production')
    GROUP BY 1, 2, 3, 4)
  SELECT coalesce(b.item_id, moved.item_id), coalesce(b.location_id, moved.loc),
         coalesce(b.lot_id, moved.lot_id), coalesce(b.box_id, moved.box_id),
         coalesce(b.on_hand, 0), coalesce(moved.q, 0)
  FROM stock_balance b FULL JOIN moved ON moved.item_id = b.item_id AND moved.loc = b.location_id
   AND moved.lot_id = b.lot_id AND moved.box_id = b.box_id
  WHERE coalesce(b.on_hand, 0) <> coalesce(moved.q, 0)
$$;
