-- An act and its moves in one call. ``names`` is given for a document of this very pipeline,
-- whose ids its client cannot know: ``lines`` then are line numbers, and a place below zero
-- stands for that name among the document's ``places``. The moves are checked as any others.
-- It has no rights of its own (SECURITY INVOKER): the
-- grants and guards of both tables decide. On a small document half of the time was the
-- client sending one statement after the other. Returns the document, so that
-- ``finish_document(post_act(...), topics)`` is a whole step in one statement.
DROP FUNCTION IF EXISTS post_act(uuid, bigint, text, jsonb, text, bigint, bigint, bigint[], bigint[],
  bigint[], bigint[], bigint[], bigint[], numeric[], numeric[], bigint[]);
CREATE OR REPLACE FUNCTION post_act(of_uuid uuid, of_document bigint, of_verb text,
  of_evidence jsonb, of_reason text, undone bigint, version bigint, lines bigint[], items bigint[],
  lots bigint[], boxes bigint[], sources bigint[], targets bigint[], quantities numeric[],
  weights numeric[], reservations bigint[], names text[] DEFAULT NULL, places jsonb DEFAULT NULL)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE of_act bigint;
BEGIN
  INSERT INTO act (uuid, document_id, verb, evidence, reason, reverses_id, expected_version)
  VALUES (of_uuid, of_document, of_verb, of_evidence, of_reason, undone, version)
  RETURNING id INTO of_act;
  IF names IS NOT NULL THEN
    IF cardinality(lines) > 0 THEN
      IF NOT coalesce(places, '{}') ?& names THEN
        PERFORM refuse('SP018', 'place_missing', jsonb_build_object(
          'place', (SELECT min(n) FROM unnest(names) n WHERE NOT coalesce(places, '{}') ? n)));
      END IF;
      INSERT INTO stock_move (act_id, line_id, item_id, lot_id, box_id, from_location_id,
                              to_location_id, qty, weight_g, reservation_id)
      SELECT of_act, (SELECT l.id FROM document_line l
                      WHERE l.document_id = of_document AND l.line_no = u.line), u.item, u.lot, u.box,
             CASE WHEN u.source < 0 THEN (places ->> names[-u.source])::bigint ELSE u.source END,
             CASE WHEN u.target < 0 THEN (places ->> names[-u.target])::bigint ELSE u.target END,
             u.qty, u.weight, u.reservation
      FROM unnest(lines, items, lots, boxes, sources, targets, quantities, weights, reservations)
           AS u(line, item, lot, box, source, target, qty, weight, reservation);
    END IF;
  ELSIF cardinality(lines) > 0 THEN
    INSERT INTO stock_move (act_id, line_id, item_id, lot_id, box_id, from_location_id,
                            to_location_id, qty, weight_g, reservation_id)
    SELECT of_act, u.* FROM unnest(lines, items, lots, boxes, sources, targets, quantities, weights,
                                   reservations) AS u;
  END IF;
  RETURN of_document;
END $$;
