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

-- The lines of a document beside what acts of one verb moved of them (NULL: nothing); reversed
-- acts count backwards. Lines of later documents that name this line as their origin count for it.
CREATE OR REPLACE FUNCTION line_progress(of_document bigint, of_verb text)
RETURNS TABLE (line_id bigint, line_no bigint, item_id bigint, ordered numeric, done numeric)
LANGUAGE sql STABLE AS $$
  SELECT own.id, own.line_no, own.item_id, own.qty, moved.qty
  FROM document_line own
  CROSS JOIN LATERAL (
    -- Line by line and move by move: whatever a kept plan was made for, it follows the indexes.
    SELECT sum(CASE WHEN a.verb = of_verb THEN m.qty
                    WHEN (SELECT undone.verb FROM act undone WHERE undone.id = a.reverses_id) = of_verb
                    THEN -m.qty END) AS qty
    FROM (SELECT own.id UNION ALL
          SELECT later.id FROM document_line later WHERE later.origin_line_id = own.id) AS carrier(id)
    CROSS JOIN LATERAL (SELECT w.act_id, w.qty FROM stock_move w WHERE w.line_id = carrier.id OFFSET 0) m
    CROSS JOIN LATERAL (SELECT x.verb, x.reverses_id FROM act x WHERE x.id = m.act_id OFFSET 0) a
  ) moved
  WHERE own.document_id = of_document
$$;

CREATE OR REPLACE FUNCTION line_done(of_document bigint, of_verb text)
RETURNS TABLE (line_id bigint, qty numeric) LANGUAGE sql STABLE AS $$
  SELECT p.line_id, p.done FROM line_progress(of_document, of_verb) p WHERE p.done IS NOT NULL
$$;

CREATE OR REPLACE FUNCTION act_complete_check(d document, verb text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE counted text; short record;
BEGIN
  SELECT k.complete_verb INTO counted FROM document_kind k WHERE k.kind = d.kind;
  SELECT p.line_no, (SELECT i.code FROM item i WHERE i.id = p.item_id) AS code, p.ordered,
         coalesce(p.done, 0) AS done INTO short
  FROM line_progress(d.id, counted) p WHERE coalesce(p.done, 0) < p.ordered
  ORDER BY p.line_no LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('SP007', 'not_complete', jsonb_build_object(
      'number', d.number, 'line_no', short.line_no, 'item', short.code,
      'qty', short.ordered, 'done', short.done));
  END IF;
END $$;

-- Says why the document does not take the step.
CREATE OR REPLACE FUNCTION refuse_act(a act) RETURNS void LANGUAGE plpgsql AS $$
DECLARE d document;
BEGIN
  SELECT * INTO d FROM document WHERE id = a.document_id;
  IF NOT FOUND THEN
    PERFORM refuse('SP008', 'document_unknown', jsonb_build_object('id', a.document_id));
  END IF;
  PERFORM refuse_stale(d, d.version, a.expected_version);
  PERFORM refuse('SP003', 'transition_refused', jsonb_build_object(
    'number', d.number, 'kind', d.kind, 'state', d.state, 'verb', a.verb));
END $$;

-- Refuses when the person looked at another version than the one there was.
CREATE OR REPLACE FUNCTION refuse_stale(d document, version bigint, expected bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE other record;
BEGIN
  IF expected <> version THEN
    SELECT a.actor, a.at INTO other FROM act a WHERE a.document_id = d.id ORDER BY a.id DESC LIMIT 1;
    PERFORM refuse('SP002', 'stale_document',
                   jsonb_build_object('number', d.number, 'by', other.actor, 'at', other.at));
  END IF;
END $$;

CREATE OR REPLACE FUNCTION act_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  s record;
  d document;
  t transition;
BEGIN
  -- One statement locks the document, finds the step and takes it; what follows may still refuse.
  FOR attempt IN 1..2 LOOP
    UPDATE document SET state = step.to_state, version = document.version + 1
    FROM transition step
    WHERE document.id = NEW.document_id AND step.kind = document.kind AND step.verb = NEW.verb
      AND step.from_state = document.state
    RETURNING document AS d, step AS t INTO s;
    EXIT WHEN FOUND OR attempt = 2;
    -- Somebody may just have moved it on: look again under the lock.
    PERFORM 1 FROM document WHERE id = NEW.document_id FOR NO KEY UPDATE;
  END LOOP;
  d := s.d;
  t := s.t;
  IF d.id IS NULL THEN
    PERFORM refuse_act(NEW);
  END IF;
  IF NEW.expected_version <> d.version - 1 THEN
    PERFORM refuse_stale(d, d.version - 1, NEW.expected_version);
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
  IF d.kind IN ('sales_order', 'shipment', 'sales_return') THEN
    PERFORM act_of_sales(NEW, d.kind);
  ELSIF NEW.verb = 'approve_count' THEN
    PERFORM count_approver_check(NEW);
  ELSIF d.kind = 'outsourcing_receipt' AND NEW.verb = 'receive' THEN
    PERFORM weight_gate(NEW);
  END IF;
  NEW.kind := d.kind;
  NEW.from_state := t.from_state;
  NEW.to_state := t.to_state;
  NEW.actor := session_user;
  NEW.workstation := coalesce(nullif(current_setting('stockproof.workstation', true), ''),
                              host(inet_client_addr()), 'local');
  NEW.at := clock_timestamp();
  NEW.txid := pg_current_xact_id();
  NEW.moves_goods := t.has_moves;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER act_guard BEFORE INSERT ON act
FOR EACH ROW EXECUTE FUNCTION act_guard();

-- What must be true of an act when its transaction ends, so that a service may take its steps in
-- any order: a step that moves goods has moved some (otherwise "shipped" could be a word without
-- goods), and what the areas ask of theirs. One trigger without a WHEN for all of them: PostgreSQL
-- parses the WHEN of every trigger anew for every act.
CREATE OR REPLACE FUNCTION act_ends() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.moves_goods AND NOT EXISTS (SELECT 1 FROM stock_move WHERE act_id = NEW.id) THEN
    PERFORM refuse('SP013', 'act_without_goods', jsonb_build_object('verb', NEW.verb));
  END IF;
  IF NEW.kind = 'shipment' AND NEW.verb = 'ship' THEN
    PERFORM shipped_whole(NEW.document_id);
  ELSIF NEW.kind = 'sales_order' AND NEW.verb = 'create' THEN
    PERFORM order_within_credit(NEW);
  ELSIF NEW.kind = 'outsourcing_receipt' AND NEW.verb IN ('receive', 'freeze') THEN
    PERFORM weighed_moves_check(NEW);
  ELSIF NEW.kind = 'purchase_receipt' THEN
    PERFORM receipt_agrees(NEW);
  ELSIF NEW.verb = 'approve_count' THEN
    PERFORM count_posting_check(NEW);
  ELSIF NEW.verb = 'merge' THEN
    PERFORM item_merge_check(NEW);
  ELSIF NEW.verb IN ('ship_out', 'arrive', 'arrive_rest', 'settle', 'issue', 'return_material',
                     'complete', 'scrap', 'finish', 'finish_short') THEN
    PERFORM goods_between_check(NEW);
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS act_ends ON act;
CREATE CONSTRAINT TRIGGER act_ends AFTER INSERT ON act
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION act_ends();
-- Trigger of an earlier version.
DROP TRIGGER IF EXISTS act_moved_goods ON act;
DROP FUNCTION IF EXISTS act_moved_goods();
