-- A company with years behind it, loaded set-wise: triggers and foreign keys are off for this
-- session, ids are chosen here, balances are rebuilt from the moves at the end. {orders} sales
-- orders of one line; {moved} receipts and shipments of five lines and five moves each, the
-- first line always of item 1. {items} items, {bins} bins; times spread over 700 days.
SET session_replication_role = replica;
SET synchronous_commit = off;

INSERT INTO item (id, code, name, search_text) OVERRIDING SYSTEM VALUE
SELECT n, 'K' || lpad(n::text, 6, '0'), 'Ware ' || n, 'k' || lpad(n::text, 6, '0') || ' ware ' || n
FROM generate_series(1, {items}) n;
INSERT INTO item_barcode (barcode, item_id, factor)
SELECT '69' || lpad(n::text, 11, '0'), n, 1 FROM generate_series(1, {items}) n;
INSERT INTO party (id, code, name, is_customer, is_supplier, search_text) OVERRIDING SYSTEM VALUE
SELECT n, 'C' || n, 'Partner ' || n, true, true, 'partner ' || n FROM generate_series(1, 3000) n;
INSERT INTO warehouse (id, code, name, exit_code) OVERRIDING SYSTEM VALUE
VALUES (1, 'W1', 'Main warehouse', 'W1-EXIT');
INSERT INTO location (id, code, name, kind, warehouse_id, route_seq) OVERRIDING SYSTEM VALUE
SELECT 1000 + n, 'B-' || lpad(n::text, 5, '0'), '', 'bin', 1, n FROM generate_series(1, {bins}) n;

INSERT INTO document (id, kind, number, state, party_id, warehouse_id, doc_date, created_by, created_at)
OVERRIDING SYSTEM VALUE
SELECT n, 'sales_order', 'XSD-L-' || lpad(n::text, 8, '0'), CASE WHEN n % 3 = 0 THEN 'done' ELSE 'approved' END,
       1 + n % 3000, 1, current_date - ((({orders} - n) * 700) / {orders})::int, 'bench_owner',
       now() - (({orders} - n) * 700.0 / {orders}) * interval '1 day'
FROM generate_series(1, {orders}) n;
INSERT INTO document_line (id, document_id, line_no, item_id, qty) OVERRIDING SYSTEM VALUE
SELECT n, n, 1, 1 + (n::bigint * 7919) % {items}, 1 + n % 9 FROM generate_series(1, {orders}) n;
INSERT INTO sales_line_price (line_id, unit_price, net, tax, gross)
SELECT n, 10, 10 * (1 + n % 9), 0, 10 * (1 + n % 9) FROM generate_series(1, {orders}) n;

-- Every second one is a receipt (twice as much), the others ship an order.
INSERT INTO document (id, kind, number, state, party_id, warehouse_id, origin_id, doc_date, created_by, created_at)
OVERRIDING SYSTEM VALUE
SELECT {orders} + n, k.kind, k.prefix || lpad(n::text, 8, '0'), k.state, 1 + n % 3000, 1,
       CASE WHEN k.kind = 'shipment' THEN n END, current_date - ((({moved} - n) * 700) / {moved})::int,
       'bench_owner', now() - (({moved} - n) * 700.0 / {moved}) * interval '1 day'
FROM generate_series(1, {moved}) n
JOIN (VALUES (1, 'purchase_receipt', 'CGR-L-', 'received'), (0, 'shipment', 'XSC-L-', 'shipped'))
  AS k(odd, kind, prefix, state) ON k.odd = n % 2;
INSERT INTO document_line (id, document_id, line_no, item_id, qty, origin_line_id) OVERRIDING SYSTEM VALUE
SELECT {orders} + (n - 1) * 5 + l, {orders} + n, l,
       CASE WHEN l = 1 THEN 1 ELSE 2 + (((n + n % 2)::bigint / 2) * 31 + l * 7919) % ({items} - 1) END,
       CASE WHEN n % 2 = 1 THEN 2 ELSE 1 END, CASE WHEN n % 2 = 0 AND l = 1 THEN n END
FROM generate_series(1, {moved}) n, generate_series(1, 5) l;
INSERT INTO act (id, uuid, document_id, kind, verb, from_state, to_state, actor, workstation, at, moves_goods,
                 txid)
OVERRIDING SYSTEM VALUE
SELECT n, gen_random_uuid(), {orders} + n,
       CASE WHEN n % 2 = 1 THEN 'purchase_receipt' ELSE 'shipment' END,
       CASE WHEN n % 2 = 1 THEN 'receive' ELSE 'ship' END,
       CASE WHEN n % 2 = 1 THEN 'draft' ELSE 'verified' END,
       CASE WHEN n % 2 = 1 THEN 'received' ELSE 'shipped' END, 'bench_owner', 'PC-' || n % 8,
       now() - (({moved} - n) * 700.0 / {moved}) * interval '1 day', true, '3'::xid8
FROM generate_series(1, {moved}) n;
INSERT INTO stock_move (id, act_id, line_id, item_id, from_location_id, to_location_id, qty, at)
OVERRIDING SYSTEM VALUE
SELECT l.id - {orders}, a.id, l.id, l.item_id,
       CASE WHEN a.verb = 'receive' THEN supplier.id ELSE 1000 + b.bin END,
       CASE WHEN a.verb = 'receive' THEN 1000 + b.bin ELSE customer.id END, l.qty, a.at
FROM act a JOIN document_line l ON l.document_id = a.document_id
CROSS JOIN LATERAL (SELECT CASE WHEN l.item_id = 1 THEN 1 + (a.id / 2) % 4 ELSE 5 + l.item_id % ({bins} - 4) END AS bin) b
JOIN location supplier ON supplier.code = 'SUPPLIER' JOIN location customer ON customer.code = 'CUSTOMER';

INSERT INTO stock_balance (item_id, location_id, on_hand)
SELECT item_id, place, sum(qty) FROM (
  SELECT item_id, to_location_id AS place, qty FROM stock_move
  UNION ALL SELECT item_id, from_location_id, -qty FROM stock_move) both_sides
JOIN location l ON l.id = place AND l.kind = 'bin' GROUP BY 1, 2;
SELECT setval(pg_get_serial_sequence(t, 'id'), (SELECT 10000000)) FROM unnest(ARRAY[
  'item', 'party', 'warehouse', 'location', 'document', 'document_line', 'act', 'stock_move']) t;
