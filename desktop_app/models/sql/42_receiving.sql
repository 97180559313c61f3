-- Receipts of an order, whoever sends them: the order is told in the same transaction, more
-- than ordered plus the company's tolerance needs a reason and is evidence, and no more is put
-- away than came. Checked when the transaction ends, for each act of the receipt (``act_ends``).

CREATE OR REPLACE FUNCTION receiving_tolerance() RETURNS numeric
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE typed text;
BEGIN
  SELECT value #>> '{}' INTO typed FROM setting WHERE key = 'receiving.over_tolerance_pct';
  -- what is no plain number counts as none, as in the program
  RETURN CASE WHEN typed ~ '^\d{1,4}(\.\d{1,6})?$' THEN typed::numeric ELSE 0 END;
END $$;

CREATE OR REPLACE FUNCTION receipt_agrees(a act) RETURNS void LANGUAGE plpgsql AS $$
DECLARE of_order bigint; bad record;
BEGIN
  IF a.from_state <> 'received' THEN
    SELECT d.origin_id INTO of_order FROM document d WHERE d.id = a.document_id;
    IF a.to_state <> 'received' OR of_order IS NULL THEN
      RETURN;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM act o WHERE o.document_id = of_order
                   AND o.verb IN ('receive_part', 'receive_rest') AND o.txid = a.txid) THEN
      PERFORM refuse('SP080', 'order_not_told', jsonb_build_object(
        'number', (SELECT d.number FROM document d WHERE d.id = a.document_id)));
    END IF;
    SELECT p.line_no, (SELECT i.code FROM item i WHERE i.id = p.item_id) AS item,
           trim_scale(p.ordered) AS ordered, trim_scale(p.done) AS received
    INTO bad
    FROM line_progress(of_order, 'receive') p
    WHERE p.done > p.ordered * (1 + receiving_tolerance() / 100)
      AND EXISTS (SELECT 1 FROM document_line mine
                  WHERE mine.document_id = a.document_id AND mine.origin_line_id = p.line_id)
    ORDER BY p.line_no LIMIT 1;
    IF FOUND AND (btrim(a.reason) = '' OR a.evidence -> 'over_receipt' IS NULL) THEN
      PERFORM refuse('SP081', 'over_receipt', to_jsonb(bad));
    END IF;
  ELSIF a.to_state IN ('received', 'put_away') THEN
    SELECT x.line_no, (SELECT i.code FROM item i WHERE i.id = x.item_id) AS item,
           trim_scale(coalesce(sum(x.came), 0)) AS received, trim_scale(sum(x.away)) AS put_away
    INTO bad
    FROM (SELECT p.line_no, p.item_id, p.done AS came, NULL::numeric AS away
          FROM line_progress(a.document_id, 'receive') p
          UNION ALL SELECT p.line_no, p.item_id, NULL, p.done
          FROM line_progress(a.document_id, 'put_away') p) x
    GROUP BY x.line_no, x.item_id HAVING sum(x.away) > coalesce(sum(x.came), 0)
    ORDER BY x.line_no LIMIT 1;
    IF FOUND THEN
      PERFORM refuse('SP082', 'put_away_too_much', to_jsonb(bad));
    END IF;
  END IF;
END $$;

-- Trigger of an earlier version.
DROP TRIGGER IF EXISTS receipt_agrees ON document;
DROP FUNCTION IF EXISTS receipt_agrees();
