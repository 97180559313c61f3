-- An act is the only way to change a document's state. Before it is recorded the
-- document row is locked, the transition, the actor's role, the evidence and (where the
-- step claims completeness) the moved quantities are checked. Actor, PC, clock and
-- states are stamped here, whatever the client sent.

CREATE OR REPLACE FUNCTION act_evidence_check(t transition, a act, d document)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE needed text;
BEGIN
  FOREACH needed IN ARRAY t.evidence LOOP
    IF coalesce(btrim(a.evidence ->> needed), '') = '' THEN
      PERFORM refuse('SP005', 'evidence_missing',
                     jsonb_build_object('evidence', needed, 'number', d.number, 'verb', a.verb));
    END IF;
  END LOOP;
  IF t.requires_reason AND btrim(a.reason) = '' THEN
    PERFORM refuse('SP006', 'reason_missing',
                   jsonb_build_object('number', d.number, 'verb', a.verb));
  END IF;
  IF 'exit_code' = ANY (t.evidence) AND NOT EXISTS (
      SELECT 1 FROM warehouse w
      WHERE w.id = d.warehouse_id AND w.exit_code = a.evidence ->> 'exit_code') THEN
    PERFORM refuse('SP023', 'exit_code_wrong',
                   jsonb_build_object('number', d.number, 'scanned', a.evidence ->> 'exit_code'));
  END IF;
END $$;

-- Quantity of a line moved by acts of one verb; reversed acts count backwards. Lines of
-- later documents that name this line as their origin count for it.
CREATE OR REPLACE FUNCTION line_done(of_document bigint, of_verb text)
RETURNS TABLE (line_id bigint, qty numeric) LANGUAGE sql STABLE AS $$
  SELECT own.id, sum(CASE WHEN a.verb = of_verb THEN m.qty ELSE -m.qty END)
  FROM document_line own
  JOIN LATERAL (
      SELECT own.id UNION ALL
      SELECT later.id FROM document_line later WHERE later.origin_line_id = own.id
  ) AS carrier(id) ON true
  JOIN stock_move m ON m.line_id = carrier.id
  JOIN act a ON a.id = m.act_id
  LEFT JOIN act undone ON undone.id = a.reverses_id
  WHERE own.document_id = of_document AND (a.verb = of_verb OR undone.verb = of_verb)
  GROUP BY own.id
$$;

CREATE OR REPLACE FUNCTION act_complete_check(d document, verb text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE short record;
BEGIN
  SELECT l.line_no, i.code, l.qty, coalesce(done.qty, 0) AS done_qty INTO short
  FROM document_line l
  JOIN document_kind k ON k.kind = d.kind
  JOIN item i ON i.id = l.item_id
  LEFT JOIN line_done(d.id, k.complete_verb) done ON done.line_id = l.id
  WHERE l.document_id = d.id AND coalesce(done.qty, 0) < l.qty
  ORDER BY l.line_no LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('SP007', 'not_complete', jsonb_build_object(
      'number', d.number, 'line_no', short.line_no, 'item', short.code,
      'qty', short.qty, 'done', short.done_qty));
  END IF;
END $$;

CREATE OR REPLACE FUNCTION act_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  d document;
  t transition;
  other record;
BEGIN
  SELECT * INTO d FROM document WHERE id = NEW.document_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    PERFORM refuse('SP008', 'document_unknown', jsonb_build_object('id', NEW.document_id));
  END IF;
  IF NEW.expected_version IS NOT NULL AND NEW.expected_version <> d.version THEN
    SELECT a.actor, a.at INTO other FROM act a WHERE a.document_id = d.id ORDER BY a.id DESC LIMIT 1;
    PERFORM refuse('SP002', 'stale_document',
                   jsonb_build_object('number', d.number, 'by', other.actor, 'at', other.at));
  END IF;
  SELECT * INTO t FROM transition
  WHERE kind = d.kind AND verb = NEW.verb AND from_state = d.state;
  IF NOT FOUND THEN
    PERFORM refuse('SP003', 'transition_refused', jsonb_build_object(
      'number', d.number, 'kind', d.kind, 'state', d.state, 'verb', NEW.verb));
  END IF;
  IF NOT pg_has_role(session_user, t.role, 'MEMBER') THEN
    PERFORM refuse('SP004', 'permission_denied',
                   jsonb_build_object('role', t.role, 'number', d.number, 'verb', NEW.verb));
  END IF;
  IF t.requires_reason OR cardinality(t.evidence) > 0 THEN
    PERFORM act_evidence_check(t, NEW, d);
  END IF;
  IF t.complete THEN
    PERFORM act_complete_check(d, NEW.verb);
  END IF;
  NEW.kind := d.kind;
  NEW.from_state := d.state;
  NEW.to_state := t.to_state;
  NEW.actor := session_user;
  NEW.workstation := coalesce(nullif(current_setting('stockproof.workstation', true), ''),
                              host(inet_client_addr()), 'local');
  NEW.at := clock_timestamp();
  NEW.txid := pg_current_xact_id();
  NEW.moves_goods := t.has_moves;
  UPDATE document SET state = t.to_state, version = d.version + 1 WHERE id = d.id;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER act_guard BEFORE INSERT ON act
FOR EACH ROW EXECUTE FUNCTION act_guard();

-- A step that moves goods must have moved some by the time the transaction ends:
-- otherwise "shipped" could be a word without goods.
CREATE OR REPLACE FUNCTION act_moved_goods() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM stock_move WHERE act_id = NEW.id) THEN
    PERFORM refuse('SP013', 'act_without_goods', jsonb_build_object('verb', NEW.verb));
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS act_moved_goods ON act;
CREATE CONSTRAINT TRIGGER act_moved_goods AFTER INSERT ON act
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (NEW.moves_goods)
EXECUTE FUNCTION act_moved_goods();
