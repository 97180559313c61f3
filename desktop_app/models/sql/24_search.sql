-- Find anything: pairs of letters under GIN indexes, because core PostgreSQL has no trigrams.
-- A word typed is looked up by all its pairs and then compared as a whole; a single Chinese
-- character is a gram of its own, a single Latin letter asks for the beginning of a word.

-- Plain expressions only, so that the planner puts them into the index expression itself:
-- 12 us for a name of 100 characters, where a loop or a subquery takes 40 to 80.
CREATE OR REPLACE FUNCTION search_grams(t text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT string_to_array(regexp_replace(' ' || t, '(..)', E'\\1\t', 'g'), E'\t')
      || string_to_array(regexp_replace(t, '(..)', E'\\1\t', 'g'), E'\t')
      || string_to_array(regexp_replace(t, '[\x01-\x7f]+', '', 'g'), NULL)
$$;

-- Room on each page: a change of other fields then leaves the indexes alone (HOT).
ALTER TABLE item SET (fillfactor = 80);
ALTER TABLE party SET (fillfactor = 80);
CREATE INDEX IF NOT EXISTS ix_item_search ON item USING gin (search_grams(search_text));
CREATE INDEX IF NOT EXISTS ix_party_search ON party USING gin (search_grams(search_text));
CREATE INDEX IF NOT EXISTS ix_item_barcode_search ON item_barcode USING gin (search_grams(lower(barcode)));
CREATE INDEX IF NOT EXISTS ix_party_item_search ON party_item USING gin (search_grams(lower(code || ' ' || name)));
CREATE INDEX IF NOT EXISTS ix_item_code_start ON item (lower(code) text_pattern_ops);
CREATE INDEX IF NOT EXISTS ix_party_code_start ON party (lower(code) text_pattern_ops);
CREATE INDEX IF NOT EXISTS ix_item_merged ON item (merged_into_id) WHERE merged_into_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS ix_party_merged ON party (merged_into_id) WHERE merged_into_id IS NOT NULL;

-- Who answers to what was typed, best first. ``typed`` is folded, ``grams`` and ``likes`` are
-- its words (queries/search.py), ``codes`` its spellings as a barcode. A merged record answers
-- with the one that took it over and says so in ``via``. With ``retired`` every row answers
-- for itself. Each way stops at ``most`` hits, so a common word costs no more than a rare one.
CREATE OR REPLACE FUNCTION find_records(kind text, typed text, grams text[], likes text[],
                                        codes text[], role text, retired boolean, most int)
RETURNS TABLE (id bigint, via text, merged boolean, place int)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
-- Few rows by their keys, always: a kept plan or old statistics must not read whole tables.
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  mine text := CASE WHEN retired THEN 't.id' ELSE 'coalesce(t.merged_into_id, t.id)' END;
  known text := CASE WHEN retired THEN 'true' ELSE '(t.is_active OR t.merged_into_id IS NOT NULL)' END;
  others text := '';
BEGIN
  IF kind NOT IN ('item', 'party')
     OR role NOT IN ('', 'is_customer', 'is_supplier', 'is_subcontractor', 'is_carrier') THEN
    RAISE EXCEPTION 'no such search: % %', kind, role;
  END IF;
  IF role <> '' THEN known := known || format(' AND t.%I', role); END IF;
  IF kind = 'item' THEN others := format($q$
    UNION ALL (SELECT %1$s, t.code, t.merged_into_id, b.barcode, 2
      FROM (SELECT * FROM item_barcode WHERE barcode = ANY ($5) LIMIT $6) b
      JOIN item t ON t.id = b.item_id WHERE %2$s)
    UNION ALL (SELECT %1$s, t.code, t.merged_into_id, b.barcode, 4
      FROM (SELECT * FROM item_barcode WHERE search_grams(lower(barcode)) @> $3
            AND ' ' || lower(barcode) LIKE ALL ($4) LIMIT $6) b
      JOIN item t ON t.id = b.item_id WHERE %2$s)
    UNION ALL (SELECT %1$s, t.code, t.merged_into_id, p.code, 4
      FROM (SELECT * FROM party_item WHERE search_grams(lower(code || ' ' || name)) @> $3
            AND ' ' || lower(code || ' ' || name) LIKE ALL ($4) LIMIT $6) p
      JOIN item t ON t.id = p.item_id WHERE %2$s)$q$, mine, known);
  END IF;
  RETURN QUERY EXECUTE format($q$
    WITH near (id, code, merged, found, place) AS (
      (SELECT %1$s, t.code, t.merged_into_id, NULL::text, 0 FROM %3$I t
        WHERE lower(t.code) = $1 AND %2$s LIMIT $6)
      UNION ALL (SELECT %1$s, t.code, t.merged_into_id, NULL, 1 FROM %3$I t
        WHERE lower(t.code) LIKE $2 AND %2$s LIMIT $6)
      %4$s
      UNION ALL (SELECT %1$s, t.code, t.merged_into_id, NULL, 3 FROM %3$I t
        WHERE search_grams(t.search_text) @> $3 AND ' ' || t.search_text LIKE ALL ($4) AND %2$s LIMIT $6)),
    best AS (SELECT DISTINCT ON (n.id) n.* FROM near n ORDER BY n.id, n.place)
    SELECT b.id, CASE WHEN b.merged IS NOT NULL AND NOT $7 THEN b.code ELSE b.found END,
           b.merged IS NOT NULL AND NOT $7, b.place
    FROM best b JOIN %3$I r ON r.id = b.id ORDER BY b.place, r.code LIMIT $6$q$,
    mine, known, kind, others)
  USING typed, replace(replace(replace(typed, '\', '\\'), '%', '\%'), '_', '\_') || '%',
        grams, likes, codes, most, retired;
END $$;
