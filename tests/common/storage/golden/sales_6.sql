-- sales, schema 6.
CREATE TABLE clustr_identity (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE clustr_counters (name TEXT PRIMARY KEY NOT NULL, value BIGINT NOT NULL) WITHOUT ROWID;
CREATE TABLE clustr_histories (seq INTEGER PRIMARY KEY, store_id TEXT NOT NULL, first_revision BIGINT NOT NULL, start_time BIGINT NOT NULL);
CREATE TABLE clustr_history_ids (store_id TEXT NOT NULL, table_name TEXT NOT NULL, last_id BIGINT NOT NULL, PRIMARY KEY (store_id, table_name)) WITHOUT ROWID;
CREATE TABLE tombstones (table_name TEXT NOT NULL, id BIGINT NOT NULL, revision BIGINT NOT NULL, PRIMARY KEY (table_name, id)) WITHOUT ROWID;
CREATE TABLE request_log (seq INTEGER PRIMARY KEY, key_hash BIGINT NOT NULL, service_method TEXT NOT NULL, request_id TEXT NOT NULL, payload_sha256 TEXT NOT NULL, answer TEXT NOT NULL, create_time BIGINT NOT NULL);
CREATE TABLE clustr_columns (table_name TEXT NOT NULL, field_number BIGINT NOT NULL, column_name TEXT NOT NULL, column_type TEXT NOT NULL, PRIMARY KEY (table_name, field_number)) WITHOUT ROWID;
CREATE TABLE transactions (transaction_id INTEGER PRIMARY KEY, customer_id BIGINT NOT NULL DEFAULT 0, time_id BIGINT NOT NULL DEFAULT 0, transaction_amount_cents BIGINT, channel TEXT, payment_type TEXT, lines_total_cents BIGINT NOT NULL DEFAULT 0, purchase_date TEXT NOT NULL DEFAULT '', amount_follows_lines BIGINT NOT NULL DEFAULT 0, external_id TEXT, revision BIGINT NOT NULL DEFAULT 0);
CREATE TABLE sales (sale_id BIGINT NOT NULL DEFAULT 0, transaction_id BIGINT NOT NULL DEFAULT 0, product_sku BIGINT NOT NULL DEFAULT 0, quantity BIGINT NOT NULL DEFAULT 0, unit_price_cents BIGINT, line_total_cents BIGINT, returned_quantity BIGINT, net_total_cents BIGINT NOT NULL DEFAULT 0, external_id TEXT, revision BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (transaction_id, sale_id)) WITHOUT ROWID;
CREATE TABLE seen_catalog_histories (seq INTEGER PRIMARY KEY, store_id TEXT NOT NULL UNIQUE, revision BIGINT NOT NULL);
CREATE TABLE held_catalog_ids (branch_store_id TEXT NOT NULL, kind TEXT NOT NULL, greatest_id BIGINT NOT NULL, PRIMARY KEY (branch_store_id, kind)) WITHOUT ROWID;
CREATE INDEX tombstones_revision ON tombstones (table_name, revision);
CREATE INDEX request_log_key_hash ON request_log (key_hash);
CREATE UNIQUE INDEX transactions_external_id ON transactions (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX transactions_purchase_date ON transactions (purchase_date);
CREATE INDEX transactions_revision ON transactions (revision);
CREATE UNIQUE INDEX sales_external_id ON sales (external_id) WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX sales_sale_id ON sales (sale_id);
INSERT INTO clustr_columns VALUES
  ('sales', 1, 'sale_id', 'BIGINT NOT NULL'),
  ('sales', 2, 'transaction_id', 'BIGINT NOT NULL'),
  ('sales', 3, 'product_sku', 'BIGINT NOT NULL'),
  ('sales', 4, 'quantity', 'BIGINT NOT NULL'),
  ('sales', 5, 'unit_price_cents', 'BIGINT'),
  ('sales', 6, 'line_total_cents', 'BIGINT'),
  ('sales', 7, 'returned_quantity', 'BIGINT'),
  ('sales', 8, 'net_total_cents', 'BIGINT NOT NULL'),
  ('sales', 14, 'external_id', 'TEXT'),
  ('sales', 15, 'revision', 'BIGINT NOT NULL'),
  ('transactions', 1, 'transaction_id', 'BIGINT NOT NULL'),
  ('transactions', 2, 'customer_id', 'BIGINT NOT NULL'),
  ('transactions', 3, 'time_id', 'BIGINT NOT NULL'),
  ('transactions', 4, 'transaction_amount_cents', 'BIGINT'),
  ('transactions', 5, 'channel', 'TEXT'),
  ('transactions', 6, 'payment_type', 'TEXT'),
  ('transactions', 7, 'lines_total_cents', 'BIGINT NOT NULL'),
  ('transactions', 8, 'purchase_date', 'TEXT NOT NULL'),
  ('transactions', 9, 'amount_follows_lines', 'BIGINT NOT NULL'),
  ('transactions', 14, 'external_id', 'TEXT'),
  ('transactions', 15, 'revision', 'BIGINT NOT NULL');
INSERT INTO clustr_identity VALUES ('format', '2'), ('service', 'sales');
INSERT INTO sales (sale_id, transaction_id, product_sku, quantity, unit_price_cents, line_total_cents, returned_quantity, net_total_cents, revision) VALUES (1, 1, 1, 2, 525, 1050, 1, 525, 1);
INSERT INTO transactions (transaction_id, customer_id, time_id, transaction_amount_cents, lines_total_cents, purchase_date, revision) VALUES (1, 1, 1, 1050, 1050, '2024-01-02', 1);
INSERT INTO clustr_counters VALUES ('head_revision', 1), ('ids:transactions', 1), ('rows:transactions', 1), ('ids:sales', 1), ('rows:sales', 1);
INSERT INTO clustr_histories VALUES (1, '00112233445566778899aabbccddeeff', 1, 1700000000);
INSERT INTO clustr_counters VALUES ('history', 301417386825319);
INSERT INTO clustr_history_ids VALUES ('00112233445566778899aabbccddeeff', 'sales', 0), ('00112233445566778899aabbccddeeff', 'transactions', 0);
