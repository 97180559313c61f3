-- Merging a duplicate turns goods of one item into goods of another: only between an item and
-- the one it was merged into, and as much as left arrives, at the same place, in the same act.

CREATE OR REPLACE FUNCTION item_merge_check(a act) RETURNS void LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
  SELECT i.code AS item, trim_scale(g.qty) AS qty INTO bad FROM (
    SELECT s.id, CASE WHEN t.kind = 'process' THEN m.from_location_id ELSE m.to_location_id END,
           o.code, m.box_id, sum(CASE WHEN t.kind = 'process' THEN -m.qty ELSE m.qty END) AS qty,
           bool_or(t.kind = 'process' AND i.merged_into_id IS NULL) AS alive
    FROM stock_move m JOIN item i ON i.id = m.item_id
    JOIN item s ON s.id = coalesce(i.merged_into_id, i.id) JOIN lot o ON o.id = m.lot_id
    JOIN location t ON t.id = m.to_location_id WHERE m.act_id = a.id GROUP BY 1, 2, 3, 4) g
  JOIN item i ON i.id = g.id WHERE g.qty <> 0 OR g.alive LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('SP095', 'merge_unbalanced', to_jsonb(bad));
  END IF;
END $$;

-- Trigger of an earlier version.
DROP TRIGGER IF EXISTS item_merge_check ON act;
DROP FUNCTION IF EXISTS item_merge_check();

-- A merged record stays merged: its code belongs to its history, and nothing new names it.
CREATE OR REPLACE FUNCTION stays_merged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.is_active OR NEW.merged_into_id IS NULL THEN
    PERFORM refuse('SP096', 'stays_merged', jsonb_build_object('code', OLD.code));
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stays_merged BEFORE UPDATE OF is_active, merged_into_id ON item
FOR EACH ROW WHEN (OLD.merged_into_id IS NOT NULL) EXECUTE FUNCTION stays_merged();
CREATE OR REPLACE TRIGGER stays_merged BEFORE UPDATE OF is_active, merged_into_id ON party
FOR EACH ROW WHEN (OLD.merged_into_id IS NOT NULL) EXECUTE FUNCTION stays_merged();

-- What a merge takes over though the person may not see it: prices that the survivor lacks, and
-- the lines of drafts. Runs only for an item that this transaction merges.
CREATE OR REPLACE FUNCTION merge_item_parts(keep bigint, lose bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT pg_has_role(session_user, 'sp_p_master_write', 'MEMBER') THEN
    PERFORM refuse('SP004', 'permission_denied', jsonb_build_object('role', 'sp_p_master_write'));
  END IF;
  PERFORM 1 FROM item WHERE id = lose AND merged_into_id = keep;
  IF NOT FOUND THEN
    PERFORM refuse('SP096', 'stays_merged', jsonb_build_object('code', (SELECT code FROM item WHERE id = lose)));
  END IF;
  UPDATE item_unit u SET item_id = keep WHERE u.item_id = lose
    AND NOT EXISTS (SELECT 1 FROM item_barcode b WHERE b.item_id = lose AND b.unit = u.unit)
    AND NOT EXISTS (SELECT 1 FROM item_unit k WHERE k.item_id = keep AND k.unit = u.unit);
  INSERT INTO item_unit SELECT keep, u.unit, u.factor_num, u.factor_den, false, false FROM item_unit u
    WHERE u.item_id = lose ON CONFLICT DO NOTHING;
  UPDATE item_barcode SET item_id = keep WHERE item_id = lose;
  UPDATE party_item p SET item_id = keep, is_preferred = false WHERE p.item_id = lose
    AND NOT EXISTS (SELECT 1 FROM party_item k WHERE k.item_id = keep AND k.party_id = p.party_id);
  UPDATE item_bin b SET item_id = keep WHERE b.item_id = lose
    AND NOT EXISTS (SELECT 1 FROM item_bin k WHERE k.item_id = keep AND k.warehouse_id = b.warehouse_id);
  INSERT INTO item_sales_price SELECT keep, price FROM item_sales_price WHERE item_id = lose ON CONFLICT DO NOTHING;
  INSERT INTO item_purchase_price SELECT keep, price FROM item_purchase_price WHERE item_id = lose ON CONFLICT DO NOTHING;
  INSERT INTO item_level_price SELECT keep, level, price FROM item_level_price WHERE item_id = lose ON CONFLICT DO NOTHING;
  UPDATE bom_line SET item_id = keep WHERE item_id = lose;
  -- One version is the active one: the survivor's, when it has one.
  UPDATE bom b SET item_id = keep,
    is_active = b.is_active AND NOT EXISTS (SELECT 1 FROM bom k WHERE k.item_id = keep AND k.is_active)
    WHERE b.item_id = lose
    AND NOT EXISTS (SELECT 1 FROM bom k WHERE k.item_id = keep AND k.version = b.version);
  UPDATE item SET blank_item_id = keep WHERE blank_item_id = lose AND id <> keep;
  UPDATE item SET merged_into_id = keep WHERE merged_into_id = lose;
  -- A lot is one item's: a draft that names a lot names the survivor's of that number.
  INSERT INTO lot (item_id, code, expires_at, made_at, held)
    SELECT DISTINCT keep, o.code, o.expires_at, o.made_at, o.held FROM document_line l
    JOIN document d ON d.id = l.document_id JOIN document_kind k ON k.kind = d.kind
    JOIN lot o ON o.id = l.lot_id AND o.item_id = lose
    WHERE l.item_id = lose AND d.state = ANY (k.editable_states)
    AND NOT EXISTS (SELECT 1 FROM stock_move m WHERE m.line_id = l.id)
    ON CONFLICT (item_id, code) DO NOTHING;
  UPDATE document_line l SET item_id = keep, lot_id = coalesce((SELECT n.id FROM lot o JOIN lot n
      ON n.item_id = keep AND n.code = o.code WHERE o.id = l.lot_id AND o.item_id = lose), l.lot_id)
    FROM document d JOIN document_kind k ON k.kind = d.kind
    WHERE l.item_id = lose AND d.id = l.document_id AND d.state = ANY (k.editable_states)
    AND NOT EXISTS (SELECT 1 FROM stock_move m WHERE m.line_id = l.id);
END $$;

-- A partner's own parts: codes, contacts and addresses go along; documents keep their partner.
CREATE OR REPLACE FUNCTION merge_party_parts(keep bigint, lose bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT pg_has_role(session_user, 'sp_p_master_write', 'MEMBER') THEN
    PERFORM refuse('SP004', 'permission_denied', jsonb_build_object('role', 'sp_p_master_write'));
  END IF;
  PERFORM 1 FROM party WHERE id = lose AND merged_into_id = keep;
  IF NOT FOUND THEN
    PERFORM refuse('SP096', 'stays_merged', jsonb_build_object('code', (SELECT code FROM party WHERE id = lose)));
  END IF;
  UPDATE party_item p SET party_id = keep, is_preferred = false WHERE p.party_id = lose
    AND NOT EXISTS (SELECT 1 FROM party_item k WHERE k.party_id = keep AND k.item_id = p.item_id);
  UPDATE party_contact SET party_id = keep WHERE party_id = lose;
  UPDATE party_address SET party_id = keep WHERE party_id = lose;
  UPDATE party k SET is_customer = k.is_customer OR l.is_customer, is_supplier = k.is_supplier OR l.is_supplier,
    is_carrier = k.is_carrier OR l.is_carrier,
    tax_id = CASE WHEN k.tax_id = '' THEN l.tax_id ELSE k.tax_id END,
    phone = CASE WHEN k.phone = '' THEN l.phone ELSE k.phone END,
    contact = CASE WHEN k.contact = '' THEN l.contact ELSE k.contact END
    FROM party l WHERE k.id = keep AND l.id = lose;
  UPDATE party SET merged_into_id = keep WHERE merged_into_id = lose;
END $$;
