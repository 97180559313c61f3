-- Items: what a barcode stands for follows its unit, a usual bin lies in its warehouse, and
-- goods that lie there keep their way of tracking. Grants of the tables that belong to items.

-- A barcode of a unit counts what the unit counts.
CREATE OR REPLACE FUNCTION item_barcode_unit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE u item_unit;
BEGIN
  IF NEW.unit = '' OR NEW.unit = (SELECT uom FROM item WHERE id = NEW.item_id) THEN
    RETURN NEW;
  END IF;
  SELECT * INTO u FROM item_unit WHERE item_id = NEW.item_id AND unit = NEW.unit;
  IF NOT FOUND THEN
    PERFORM refuse('SP091', 'unit_of_barcode', jsonb_build_object('barcode', NEW.barcode, 'unit', NEW.unit));
  END IF;
  NEW.factor := round(u.factor_num::numeric / u.factor_den, 6);
  RETURN NEW;
END $$;

DROP TRIGGER IF EXISTS item_barcode_unit ON item_barcode;
CREATE TRIGGER item_barcode_unit BEFORE INSERT OR UPDATE ON item_barcode
  FOR EACH ROW EXECUTE FUNCTION item_barcode_unit();

CREATE OR REPLACE FUNCTION item_unit_barcodes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held text;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.unit = OLD.unit THEN
    UPDATE item_barcode SET factor = factor WHERE item_id = NEW.item_id AND unit = NEW.unit;
    RETURN NULL;
  END IF;
  SELECT barcode INTO held FROM item_barcode WHERE item_id = OLD.item_id AND unit = OLD.unit LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('SP092', 'unit_in_use', jsonb_build_object('unit', OLD.unit, 'barcode', held));
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS item_unit_barcodes ON item_unit;
CREATE TRIGGER item_unit_barcodes AFTER UPDATE OR DELETE ON item_unit
  FOR EACH ROW EXECUTE FUNCTION item_unit_barcodes();

CREATE OR REPLACE FUNCTION item_bin_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE place text;
BEGIN
  SELECT code INTO place FROM location
  WHERE id = NEW.location_id AND (warehouse_id IS DISTINCT FROM NEW.warehouse_id OR kind <> 'bin');
  IF FOUND THEN
    PERFORM refuse('SP093', 'bin_of_warehouse', jsonb_build_object('place', place,
      'warehouse', (SELECT name FROM warehouse WHERE id = NEW.warehouse_id)));
  END IF;
  RETURN NEW;
END $$;

DROP TRIGGER IF EXISTS item_bin_place ON item_bin;
CREATE TRIGGER item_bin_place BEFORE INSERT OR UPDATE ON item_bin
  FOR EACH ROW EXECUTE FUNCTION item_bin_place();

-- Lots cannot be invented for goods that lie there without, nor forgotten for those with.
CREATE OR REPLACE FUNCTION item_tracking_kept() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE there numeric;
BEGIN
  SELECT trim_scale(sum(on_hand)) INTO there FROM stock_balance
  WHERE item_id = NEW.id AND on_hand > 0;
  IF there > 0 THEN
    PERFORM refuse('SP094', 'tracking_with_stock',
      jsonb_build_object('item', NEW.code, 'qty', there::text || ' ' || NEW.uom));
  END IF;
  RETURN NEW;
END $$;

DROP TRIGGER IF EXISTS item_tracking_kept ON item;
CREATE TRIGGER item_tracking_kept BEFORE UPDATE OF tracking ON item
  FOR EACH ROW WHEN (NEW.tracking <> OLD.tracking) EXECUTE FUNCTION item_tracking_kept();

-- A picture is added or taken away, never exchanged under its name.
DROP TRIGGER IF EXISTS item_picture_kept ON item_picture;
CREATE TRIGGER item_picture_kept BEFORE UPDATE OF content, sha256, media_type, item_id, added_by, added_at
  ON item_picture FOR EACH ROW EXECUTE FUNCTION append_only();

GRANT SELECT ON item_family, item_axis, item_unit, item_picture, item_bin, price_level, tax_rate TO sp_user;
GRANT SELECT ON party_item TO sp_p_stock_read;
GRANT SELECT ON item_level_price TO sp_p_sales_price;
GRANT INSERT, UPDATE, DELETE ON item_level_price TO sp_p_sales_write;
GRANT INSERT, UPDATE, DELETE ON item_axis, item_unit, item_bin, party_item, price_level, tax_rate
  TO sp_p_master_write;
GRANT INSERT, UPDATE ON item_family TO sp_p_master_write;
GRANT INSERT (item_id, position, name, media_type, sha256, content), UPDATE (position, name), DELETE
  ON item_picture TO sp_p_master_write;
