-- Goods between two places of ours: in transit, in production. Many documents share these
-- places, so the balance alone cannot tell whose goods they are. Checked when the
-- transaction ends (act_ends): nobody takes from there what another document put there, and no
-- document ends while goods of its own lie there.

-- What lies there for each line of a document, by lot.
CREATE OR REPLACE FUNCTION goods_between(of_document bigint)
RETURNS TABLE (line_id bigint, item_id bigint, lot_id bigint, qty numeric)
LANGUAGE sql STABLE AS $$
  SELECT m.line_id, m.item_id, m.lot_id,
         sum(CASE WHEN t.kind IN ('transit', 'production') THEN m.qty ELSE 0 END
           - CASE WHEN f.kind IN ('transit', 'production') THEN m.qty ELSE 0 END)
  FROM document_line l JOIN stock_move m ON m.line_id = l.id
  JOIN location f ON f.id = m.from_location_id JOIN location t ON t.id = m.to_location_id
  WHERE l.document_id = of_document
  GROUP BY 1, 2, 3
$$;

CREATE OR REPLACE FUNCTION goods_between_check(a act) RETURNS void LANGUAGE plpgsql AS $$
DECLARE d document; bad record;
BEGIN
  SELECT * INTO d FROM document WHERE id = a.document_id;
  SELECT d.number, l.line_no, i.code AS item, b.qty, trim_scale(b.qty) AS shown INTO bad
  FROM goods_between(d.id) b JOIN document_line l ON l.id = b.line_id JOIN item i ON i.id = b.item_id
  WHERE b.qty < 0 OR (b.qty > 0 AND d.state IN ('received', 'closed', 'done'))
  ORDER BY l.line_no LIMIT 1;
  IF FOUND THEN
    PERFORM refuse(CASE WHEN bad.qty < 0 THEN 'SP061' ELSE 'SP062' END, 'goods_between', to_jsonb(bad));
  END IF;
  IF a.verb = 'ship_out' THEN
    SELECT d.number, l.line_no, i.code AS item, trim_scale(l.qty) AS qty, trim_scale(coalesce(s.qty, 0)) AS done INTO bad
    FROM document_line l JOIN item i ON i.id = l.item_id LEFT JOIN line_done(d.id, 'ship_out') s ON s.line_id = l.id
    WHERE l.document_id = d.id AND coalesce(s.qty, 0) <> l.qty ORDER BY l.line_no LIMIT 1;
  ELSIF a.verb = 'finish' THEN
    SELECT d.number, l.line_no, i.code AS item, trim_scale(l.qty) AS qty, trim_scale(coalesce(s.qty, 0)) AS done INTO bad
    FROM document_line l JOIN item i ON i.id = l.item_id LEFT JOIN line_done(d.id, 'complete') s ON s.line_id = l.id
    WHERE l.document_id = d.id AND l.role = 'output' AND coalesce(s.qty, 0) < l.qty
    ORDER BY l.line_no LIMIT 1;
  ELSIF a.verb = 'issue' AND btrim(a.reason) = '' THEN
    SELECT d.number, l.line_no, i.code AS item, trim_scale(l.qty) AS qty, trim_scale(s.qty - coalesce(r.qty, 0)) AS done INTO bad
    FROM document_line l JOIN item i ON i.id = l.item_id JOIN line_done(d.id, 'issue') s ON s.line_id = l.id
    LEFT JOIN line_done(d.id, 'return_material') r ON r.line_id = l.id
    JOIN stock_move m ON m.act_id = a.id AND m.line_id = l.id
    WHERE l.document_id = d.id AND s.qty - coalesce(r.qty, 0) > l.qty ORDER BY l.line_no LIMIT 1;
    IF FOUND THEN
      PERFORM refuse('SP063', 'over_issue', to_jsonb(bad));
    END IF;
    RETURN;
  ELSE
    RETURN;
  END IF;
  IF FOUND THEN
    PERFORM refuse('SP007', 'not_complete', to_jsonb(bad));
  END IF;
END $$;

-- Trigger of an earlier version.
DROP TRIGGER IF EXISTS goods_between_check ON act;
DROP FUNCTION IF EXISTS goods_between_check();
