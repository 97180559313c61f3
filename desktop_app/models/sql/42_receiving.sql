-- Receipts of an order, whoever sends them: the order is told in the same transaction, more
-- than ordered plus the company's tolerance needs a reason and is evidence, and no more is put
-- away than came. Checked when the transaction ends, on the receipt's own change of state.

CREATE OR REPLACE FUNCTION receiving_tolerance() RETURNS numeric
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE typed text;
BEGIN
  SELECT value #>> '{}' INTO typed FROM setting WHERE key = 'receiving.over_tolerance_pct';
  -- what is no plain number counts as none, as in the program
  RETURN CASE WHEN typed ~ '^\d{1,4}(\.\d{1,6})?$' THEN typed::numeric ELSE 0 END;
END $$;

CREATE OR REPLACE FUNCTION receipt_agrees() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE receiving act; bad record;
BEGIN
  IF OLD.state <> 'received' THEN
    SELECT * INTO receiving FROM act
    WHERE document_id = NEW.id AND verb = 'receive' ORDER BY id DESC LIMIT 1;
    IF NOT EXISTS (SELECT 1 FROM act a WHERE a.document_id = NEW.origin_id
                   AND a.verb IN ('receive_part', 'receive_rest') AND a.txid = receiving.txid) THEN
      PERFORM refuse('SP080', 'order_not_told', jsonb_build_object(
        'number', (SELECT d.number FROM document d WHERE d.id = NEW.id)));
    END IF;
    SELECT l.line_no, i.code AS item, trim_scale(l.qty) AS ordered, trim_scale(done.qty) AS received
    INTO bad
    FROM document_line l JOIN item i ON i.id = l.item_id
    JOIN line_done(NEW.origin_id, 'receive') done ON done.line_id = l.id
    WHERE l.document_id = NEW.origin_id AND done.qty > l.qty * (1 + receiving_tolerance() / 100)
      AND EXISTS (SELECT 1 FROM document_line mine
                  WHERE mine.document_id = NEW.id AND mine.origin_line_id = l.id)
    ORDER BY l.line_no LIMIT 1;
    IF FOUND AND (btrim(receiving.reason) = '' OR receiving.evidence -> 'over_receipt' IS NULL) THEN
      PERFORM refuse('SP081', 'over_receipt', to_jsonb(bad));
    END IF;
  ELSIF NEW.state IN ('received', 'put_away') THEN
    SELECT l.line_no, i.code AS item, trim_scale(coalesce(came.qty, 0)) AS received,
           trim_scale(away.qty) AS put_away INTO bad
    FROM document_line l JOIN item i ON i.id = l.item_id
    JOIN line_done(NEW.id, 'put_away') away ON away.line_id = l.id
    LEFT JOIN line_done(NEW.id, 'receive') came ON came.line_id = l.id
    WHERE l.document_id = NEW.id AND away.qty > coalesce(came.qty, 0) ORDER BY l.line_no LIMIT 1;
    IF FOUND THEN
      PERFORM refuse('SP082', 'put_away_too_much', to_jsonb(bad));
    END IF;
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS receipt_agrees ON document;
CREATE CONSTRAINT TRIGGER receipt_agrees AFTER UPDATE ON document
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (NEW.kind = 'purchase_receipt' AND NEW.version <> OLD.version AND (OLD.state = 'received'
      OR (NEW.state = 'received' AND NEW.origin_id IS NOT NULL)))
EXECUTE FUNCTION receipt_agrees();
