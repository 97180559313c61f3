-- Partners and places: whose new orders are frozen (N9), what a customer may owe, and what a
-- warehouse's kind means for the goods in it.

-- ---------------------------------------------------------------- frozen customers

CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON customer_freeze
FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE OR REPLACE TRIGGER append_only_truncate BEFORE TRUNCATE ON customer_freeze
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- Orders that wait to ship for more than 48 hours, counted from the day they are due if that is
-- later than the day they were written.
CREATE OR REPLACE FUNCTION late_orders()
RETURNS TABLE (document_id bigint, party_id bigint, number text, since timestamptz)
LANGUAGE sql STABLE AS $$
  SELECT d.id, d.party_id, d.number, greatest(d.created_at, d.due_date::timestamptz)
  FROM document d
  WHERE d.kind = 'sales_order' AND d.state IN ('approved', 'picking', 'part')
    AND d.party_id IS NOT NULL
    AND greatest(d.created_at, d.due_date::timestamptz) < now() - interval '48 hours'
$$;

-- Why a customer is frozen by late orders: their numbers, as domain/customer_freeze reads them.
CREATE OR REPLACE FUNCTION late_reason(of_party bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT 'late:' || string_agg(d.number, ', ' ORDER BY d.id)
  FROM customer_freeze f JOIN document d ON d.id = f.document_id
  WHERE f.party_id = of_party AND f.frozen AND f.id > coalesce(
    (SELECT max(r.id) FROM customer_freeze r WHERE r.party_id = of_party AND NOT r.frozen), 0)
$$;

-- Freezes every customer with a late order; an order freezes its customer once, so that a
-- release holds. Returns how many customers have become frozen.
CREATE OR REPLACE FUNCTION freeze_late_customers(only_party bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE parties bigint[]; newly bigint;
BEGIN
  WITH made AS (
    INSERT INTO customer_freeze (party_id, document_id, frozen)
    SELECT o.party_id, o.document_id, true FROM late_orders() o
    WHERE NOT EXISTS (SELECT 1 FROM customer_freeze f WHERE f.document_id = o.document_id)
      AND (only_party IS NULL OR o.party_id = only_party)
    ORDER BY o.document_id
    ON CONFLICT (document_id) DO NOTHING RETURNING party_id)
  SELECT array_agg(DISTINCT party_id) INTO parties FROM made;
  SELECT count(*) INTO newly FROM party WHERE id = ANY (parties) AND orders_frozen_reason = '';
  UPDATE party p SET orders_frozen_reason = late_reason(p.id), version = p.version + 1
  WHERE p.id = ANY (parties)
    AND (p.orders_frozen_reason = '' OR p.orders_frozen_reason LIKE 'late:%');
  RETURN coalesce(newly, 0);
END $$;

-- Frozen or released by a person, with a reason that stays on record. A release forgives all
-- orders that are late now; one that becomes late afterwards freezes again.
CREATE OR REPLACE FUNCTION decide_freeze(of_party bigint, freezing boolean, why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE p party;
BEGIN
  IF NOT pg_has_role(session_user, 'sp_p_sales_deposit', 'MEMBER') THEN
    PERFORM refuse('SP004', 'permission_denied', '{"role": "sp_p_sales_deposit"}');
  END IF;
  SELECT * INTO p FROM party WHERE id = of_party FOR NO KEY UPDATE;
  IF btrim(coalesce(why, '')) = '' THEN
    PERFORM refuse('SP103', 'freeze_reason_missing', jsonb_build_object('customer', p.name));
  END IF;
  IF freezing = (p.orders_frozen_reason <> '') THEN
    PERFORM refuse('SP102', 'freeze_unchanged', jsonb_build_object('customer', p.name));
  END IF;
  IF NOT freezing THEN
    PERFORM freeze_late_customers(of_party);
  END IF;
  INSERT INTO customer_freeze (party_id, frozen, reason) VALUES (of_party, freezing, btrim(why));
  UPDATE party SET orders_frozen_reason = CASE WHEN freezing THEN btrim(why) ELSE '' END,
         version = version + 1 WHERE id = of_party;
END $$;

-- The freeze is written by the two functions above and by nobody else.
CREATE OR REPLACE FUNCTION party_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user = 'sp_owner' THEN RETURN NEW; END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.orders_frozen_reason := '';
  ELSIF NEW.orders_frozen_reason <> OLD.orders_frozen_reason THEN
    PERFORM refuse('SP109', 'freeze_by_hand', jsonb_build_object('customer', OLD.name));
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER party_guard BEFORE INSERT OR UPDATE ON party
FOR EACH ROW EXECUTE FUNCTION party_guard();

-- Writing a sales order is its approval: its first act. Called by the act guard.
CREATE OR REPLACE FUNCTION order_of_frozen_customer(a act) RETURNS void LANGUAGE plpgsql AS $$
DECLARE p record;
BEGIN
  SELECT y.name, y.orders_frozen_reason AS why INTO p
  FROM document d JOIN party y ON y.id = d.party_id WHERE d.id = a.document_id;
  IF p.why <> '' THEN
    PERFORM refuse('SP100', 'customer_frozen',
                   jsonb_build_object('customer', p.name, 'why', p.why));
  END IF;
END $$;

-- Trigger of an earlier version.
DROP TRIGGER IF EXISTS order_of_frozen_customer ON act;
DROP FUNCTION IF EXISTS order_of_frozen_customer();

-- ---------------------------------------------------------------- credit

-- Amount of a customer's open orders less the deposits taken on them. Payments are not kept
-- here yet, so an order counts until all of it has left. With the caller's rights: whoever may
-- not read sales prices learns nothing.
CREATE OR REPLACE FUNCTION customer_open_amount(of_party bigint) RETURNS numeric
LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(greatest(m.gross - coalesce(s.deposit, 0), 0)), 0)
  FROM document d
  LEFT JOIN sales_order s ON s.document_id = d.id
  JOIN LATERAL (SELECT coalesce(sum(x.gross), 0) AS gross FROM document_line l
                JOIN sales_line_price x ON x.line_id = l.id WHERE l.document_id = d.id) m ON true
  WHERE d.party_id = of_party AND d.kind = 'sales_order'
    AND d.state IN ('approved', 'picking', 'part')
$$;

-- Beyond the credit limit an order needs an act that says why (verb exceed_credit). Called by
-- act_ends when the transaction ends.
CREATE OR REPLACE FUNCTION order_within_credit(a act) RETURNS void LANGUAGE plpgsql AS $$
DECLARE p record; open_amount numeric;
BEGIN
  SELECT y.id, y.name, y.credit_limit, d.number INTO p
  FROM document d JOIN party y ON y.id = d.party_id
  WHERE d.id = a.document_id AND d.state IN ('approved', 'picking', 'part')
    AND y.credit_limit IS NOT NULL;
  IF NOT FOUND THEN RETURN; END IF;
  open_amount := customer_open_amount(p.id);
  IF open_amount > p.credit_limit AND NOT EXISTS (
      SELECT 1 FROM act x WHERE x.document_id = a.document_id AND x.verb = 'exceed_credit') THEN
    PERFORM refuse('SP101', 'credit_exceeded',
                   jsonb_build_object('customer', p.name, 'number', p.number));
  END IF;
END $$;

-- Trigger of an earlier version.
DROP TRIGGER IF EXISTS order_within_credit ON act;
DROP FUNCTION IF EXISTS order_within_credit();

-- ---------------------------------------------------------------- places

-- Own: bins, docks, a hold. Hold and defective: only places whose goods nobody can sell.
-- A subcontractor's and goods on the way have no bins: they stand for places of the ledger.
CREATE OR REPLACE FUNCTION place_fits(warehouse_kind text, place_kind text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE warehouse_kind WHEN 'own' THEN true
              WHEN 'hold' THEN place_kind = 'hold' WHEN 'defective' THEN place_kind = 'hold'
              ELSE false END
$$;

CREATE OR REPLACE FUNCTION place_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE w warehouse; found bigint;
BEGIN
  IF NEW.warehouse_id IS NOT NULL AND NEW.is_active THEN
    SELECT * INTO w FROM warehouse WHERE id = NEW.warehouse_id FOR SHARE;
    IF NOT place_fits(w.kind, NEW.kind) THEN
      PERFORM refuse('SP104', 'place_does_not_fit', jsonb_build_object(
        'place', NEW.code, 'place_kind', NEW.kind, 'warehouse', w.name, 'kind', w.kind));
    END IF;
  END IF;
  IF TG_OP = 'INSERT' THEN RETURN NEW; END IF;
  IF (NEW.kind, NEW.warehouse_id, NEW.party_id)
     IS DISTINCT FROM (OLD.kind, OLD.warehouse_id, OLD.party_id)
     AND EXISTS (SELECT 1 FROM stock_balance b WHERE b.location_id = OLD.id) THEN
    PERFORM refuse('SP106', 'place_was_used', jsonb_build_object('place', OLD.code));
  END IF;
  IF OLD.is_active AND NOT NEW.is_active THEN
    SELECT count(DISTINCT b.item_id) INTO found FROM stock_balance b
    WHERE b.location_id = OLD.id AND b.on_hand > 0;
    IF found > 0 OR OLD.kind IN ('supplier', 'customer', 'scrap', 'difference', 'opening',
                                 'process', 'transit', 'production') THEN
      PERFORM refuse('SP105', 'place_not_empty',
                     jsonb_build_object('place', OLD.code, 'items', found));
    END IF;
  END IF;
  RETURN NEW;
END $$;

-- Not for the walking route: five thousand bins get new numbers in one statement.
CREATE OR REPLACE TRIGGER place_guard
BEFORE INSERT OR UPDATE OF kind, warehouse_id, party_id, is_active ON location
FOR EACH ROW EXECUTE FUNCTION place_guard();

CREATE OR REPLACE FUNCTION warehouse_guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE used boolean; stocked boolean;
BEGIN
  IF NEW.kind = 'subcontractor' AND NEW.party_id IS NULL THEN
    PERFORM refuse('SP108', 'warehouse_of_whom', jsonb_build_object('warehouse', NEW.name));
  END IF;
  IF TG_OP = 'INSERT' THEN RETURN NEW; END IF;
  SELECT bool_or(true), bool_or(b.on_hand > 0) INTO used, stocked
  FROM location l JOIN stock_balance b ON b.location_id = l.id WHERE l.warehouse_id = OLD.id;
  IF used AND NEW.kind <> OLD.kind THEN
    PERFORM refuse('SP107', 'warehouse_was_used', jsonb_build_object('warehouse', OLD.name));
  END IF;
  IF stocked AND OLD.is_active AND NOT NEW.is_active THEN
    PERFORM refuse('SP105', 'place_not_empty', jsonb_build_object('place', OLD.name, 'items', (
      SELECT count(DISTINCT b.item_id) FROM location l JOIN stock_balance b ON b.location_id = l.id
      WHERE l.warehouse_id = OLD.id AND b.on_hand > 0)));
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER warehouse_guard BEFORE INSERT OR UPDATE ON warehouse
FOR EACH ROW EXECUTE FUNCTION warehouse_guard();

-- An unused warehouse that becomes another kind takes its places along.
CREATE OR REPLACE FUNCTION warehouse_kind_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.kind IN ('hold', 'defective') THEN
    UPDATE location SET kind = 'hold' WHERE warehouse_id = NEW.id AND kind = 'bin';
  ELSIF NEW.kind = 'own' THEN
    UPDATE location SET kind = 'bin' WHERE warehouse_id = NEW.id AND kind = 'hold'
      AND code <> NEW.code || '-H';
  END IF;
  UPDATE location SET is_active = place_fits(NEW.kind, kind)
  WHERE warehouse_id = NEW.id AND is_active <> place_fits(NEW.kind, kind);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER warehouse_kind_changed AFTER UPDATE OF kind ON warehouse
FOR EACH ROW WHEN (NEW.kind <> OLD.kind) EXECUTE FUNCTION warehouse_kind_changed();

-- ---------------------------------------------------------------- rights

GRANT SELECT ON party_contact, party_address, party_item, price_level, customer_freeze TO sp_user;
GRANT INSERT, UPDATE, DELETE ON party_contact, party_address, party_item TO sp_p_master_write;

-- ---------------------------------------------------------------- delivery address

-- An order's delivery address changes by an act, which keeps who changed it and to what.
CREATE OR REPLACE FUNCTION order_readdressed(a act) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sales_order SET address = a.evidence ->> 'address',
         receiver = coalesce(a.evidence ->> 'receiver', ''),
         phone = coalesce(a.evidence ->> 'phone', '')
  WHERE document_id = a.document_id;
END $$;

-- Trigger of an earlier version.
DROP TRIGGER IF EXISTS order_readdressed ON act;
DROP FUNCTION IF EXISTS order_readdressed();
