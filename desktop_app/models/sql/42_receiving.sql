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
    SELECT p.line_no, (SELECT i.code FROM item i WHERE i.id = p.item_id) AS item,
           trim_scale(p.ordered) AS ordered, trim_scale(p.done) AS received
    INTO bad
    FROM line_progress(NEW.origin_id, 'receive') p
    WHERE p.done > p.ordered * (1 + receiving_tolerance() / 100)
      AND EXISTS (SELECT 1 FROM document_line mine
                  WHERE mine.document_id = NEW.id AND mine.origin_line_id = p.line_id)
    ORDER BY p.line_no LIMIT 1;
    IF FOUND AND (btrim(receiving.reason) = '' OR receiving.evidence -> 'over_receipt' IS NULL) THEN
      PERFORM refuse('SP081', 'over_receipt', to_jsonb(bad));
    END IF;
  ELSIF NEW.state IN ('received', 'put_away') THEN
    SELECT x.line_no, (SELECT i.code FROM item i WHERE i.id = x.item_id) AS item,
           trim_scale(coalesce(sum(x.came), 0)) AS received, trim_scale(sum(x.away)) AS put_away
    INTO bad
    FROM (SELECT p.line_no, p.item_id, p.done AS came, NULL::numeric AS away
          FROM line_progress(NEW.id, 'receive') p
          UNION ALL SELECT p.line_no, p.item_id, NULL, p.done
          FROM line_progress(NEW.id, 'put_away') p) x
    GROUP BY x.line_no, x.item_id HAVING sum(x.away) > coalesce(sum(x.came), 0)
    ORDER BY x.line_no LIMIT 1;
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
