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

-- Whatever a line calls itself, if it is no component it is product and is weighed.
CREATE OR REPLACE FUNCTION weight_gate(a act) RETURNS void LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT d.number, l.line_no, i.code AS item, w.weight_g, i.unit_weight_g * l.qty AS expected_g,
         l.qty, round(w.weight_g / i.unit_weight_g) AS like_count INTO bad
  FROM document d JOIN document_line l ON l.document_id = d.id AND l.role <> 'component'
  JOIN item i ON i.id = l.item_id
  LEFT JOIN outsourcing_receipt_line w ON w.line_id = l.id
  WHERE d.id = a.document_id AND i.unit_weight_g IS NOT NULL
    AND (w.weight_g IS NULL
         OR abs(w.weight_g - i.unit_weight_g * l.qty) * 100 > i.unit_weight_g * l.qty * i.weight_tolerance_pct)
  ORDER BY l.line_no LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('SP060', 'weight_mismatch', to_jsonb(bad));
  END IF;
END $$;

-- Trigger of an earlier version.
DROP TRIGGER IF EXISTS weight_gate ON act;
DROP FUNCTION IF EXISTS weight_gate();

-- The moves of a receipt are those that were weighed: product comes on product lines, as
-- much as the line says; components are used up and never appear.
CREATE OR REPLACE FUNCTION weighed_moves_check(a act) RETURNS void LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT d.number, l.line_no, i.code AS item INTO bad
  FROM document d JOIN document_line l ON l.document_id = d.id JOIN item i ON i.id = l.item_id
  LEFT JOIN stock_move m ON m.act_id = a.id AND m.line_id = l.id
  LEFT JOIN location f ON f.id = m.from_location_id
  WHERE d.id = a.document_id
  GROUP BY d.number, l.id, i.code
  HAVING coalesce(sum(m.qty) FILTER (WHERE f.kind = 'process'), 0)
         <> CASE WHEN l.role = 'component' THEN 0 ELSE l.qty END
  ORDER BY l.line_no LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('SP064', 'not_what_was_weighed', to_jsonb(bad));
  END IF;
END $$;

-- Trigger of an earlier version.
DROP TRIGGER IF EXISTS weighed_moves_check ON act;
DROP FUNCTION IF EXISTS weighed_moves_check();
