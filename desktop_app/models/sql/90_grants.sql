-- Who may do what by plain SQL. No table is writable beyond what a screen needs; what is
-- not granted here is refused (DESIGN, promise 3). sp_user: every person; sp_p_*: rights.

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO sp_user;
REVOKE EXECUTE ON FUNCTION seal_day(date), verify_day(date), ledger_differences() FROM sp_user;
GRANT EXECUTE ON FUNCTION seal_day(date), verify_day(date), ledger_differences() TO sp_p_ledger_seal;
GRANT USAGE ON SCHEMA public TO sp_user;

GRANT SELECT ON app_user, setting, document_kind, transition, movement_rule, alembic_version,
  guard_version, item, item_barcode, party, warehouse, location, lot, box, bom, bom_line TO sp_user;
GRANT SELECT ON count_task TO sp_p_count_enter;
GRANT INSERT (line_id, round, qty, counted_at, evidence) ON count_entry TO sp_p_count_enter;
GRANT INSERT (document_id, location_id, item_id, note, qty) ON count_found TO sp_p_count_enter;

GRANT INSERT (kind, party_id, warehouse_id, to_warehouse_id, doc_date, due_date, reference, remark,
  origin_id, reverses_id, custom) ON document TO sp_user;
GRANT UPDATE (party_id, warehouse_id, to_warehouse_id, doc_date, due_date, reference, remark, custom)
  ON document TO sp_user;
GRANT INSERT (document_id, line_no, item_id, qty, role, lot_id, location_id, to_location_id,
  origin_line_id, remark, custom), UPDATE (line_no, item_id, qty, lot_id, location_id, to_location_id, remark, custom), DELETE
  ON document_line TO sp_user;
GRANT INSERT (uuid, document_id, verb, evidence, reason, reverses_id, expected_version) ON act TO sp_user;
GRANT INSERT (act_id, line_id, item_id, lot_id, box_id, from_location_id, to_location_id, qty, weight_g,
  reservation_id) ON stock_move TO sp_user;
GRANT INSERT (act_id, name, media_type, sha256, content) ON attachment TO sp_user;
GRANT INSERT (document_id, verb, code, message) ON refused_attempt TO sp_user;
GRANT SELECT, INSERT (document_id, layout, copies) ON print_log TO sp_user;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO sp_user;
GRANT INSERT ON sales_order, shipment, count_plan, work_order TO sp_user;
GRANT UPDATE (deposit, lock_until, receiver, phone, address) ON sales_order TO sp_user;
GRANT UPDATE ON count_plan, work_order TO sp_user;
GRANT INSERT, UPDATE ON outsourcing_receipt_line TO sp_user;

-- Readers of stock: documents and their flow. A blind counter is not one.
GRANT SELECT ON document, document_line, act, stock_move, stock_balance, reservation, allocation,
  attachment, day_seal, refused_attempt, sales_order, shipment, count_plan, count_entry,
  count_draw, count_found, count_result, work_order, outsourcing_receipt_line, number_series TO sp_p_stock_read;
GRANT INSERT (line_id, item_id, warehouse_id, qty, qty_open, until, reason, priority, act_id)
  ON reservation TO sp_p_sales_deposit, sp_p_sales_write, sp_p_stock_ship;
-- Book and count of a result are written by count_compare() alone.
GRANT UPDATE (recount, cause_code, note) ON count_result TO sp_p_count_plan;
GRANT INSERT ON count_draw TO sp_p_count_plan;
GRANT INSERT ON lot, box TO sp_p_stock_receive, sp_p_master_write, sp_p_production_write,
  sp_p_outsourcing_write;
GRANT UPDATE (held) ON lot TO sp_p_quality_decide;

-- Money in tables of its own.
GRANT SELECT ON purchase_line_price, item_purchase_price TO sp_p_purchase_price;
GRANT INSERT, UPDATE ON purchase_line_price, item_purchase_price TO sp_p_purchase_write;
GRANT SELECT ON sales_line_price, item_sales_price TO sp_p_sales_price;
GRANT INSERT, UPDATE ON sales_line_price, item_sales_price TO sp_p_sales_write;
GRANT SELECT, INSERT, UPDATE, DELETE ON item_cost, move_cost, cost_position TO sp_p_cost_read;

GRANT INSERT, UPDATE ON item, item_barcode, party, warehouse, location, bom, bom_line TO sp_p_master_write;
GRANT DELETE ON item_barcode, bom_line TO sp_p_master_write;
GRANT INSERT, UPDATE ON setting TO sp_p_user_manage;
