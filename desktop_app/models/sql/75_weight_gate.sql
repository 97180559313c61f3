-- Goods that come back from a subcontractor are weighed against unit weight x count. The
-- verdict is computed here, so that no client can wave a mismatch through (N22).

CREATE OR REPLACE FUNCTION weight_verdict() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  SELECT round(i.unit_weight_g * l.qty, 6), i.weight_tolerance_pct
  INTO NEW.expected_g, NEW.tolerance_pct
  FROM document_line l JOIN item i ON i.id = l.item_id WHERE l.id = NEW.line_id;
  NEW.matches := NEW.expected_g IS NULL OR coalesce(
    abs(NEW.weight_g - NEW.expected_g) * 100 <= NEW.expected_g * NEW.tolerance_pct, false);
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER weight_verdict BEFORE INSERT OR UPDATE ON outsourcing_receipt_line
FOR EACH ROW EXECUTE FUNCTION weight_verdict();

CREATE OR REPLACE FUNCTION weight_gate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE bad record;
BEGIN
  SELECT d.number, l.line_no, i.code AS item, w.weight_g, i.unit_weight_g * l.qty AS expected_g INTO bad
  FROM document d JOIN document_line l ON l.document_id = d.id AND l.role = 'output'
  JOIN item i ON i.id = l.item_id
  LEFT JOIN outsourcing_receipt_line w ON w.line_id = l.id
  WHERE d.id = NEW.document_id AND d.kind = 'outsourcing_receipt' AND i.unit_weight_g IS NOT NULL
    AND (w.weight_g IS NULL
         OR abs(w.weight_g - i.unit_weight_g * l.qty) * 100 > i.unit_weight_g * l.qty * i.weight_tolerance_pct)
  ORDER BY l.line_no LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('SP060', 'weight_mismatch', to_jsonb(bad));
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER weight_gate BEFORE INSERT ON act
FOR EACH ROW WHEN (NEW.verb = 'receive') EXECUTE FUNCTION weight_gate();
