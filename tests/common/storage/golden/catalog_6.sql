-- catalog, schema 6.
CREATE TABLE clustr_identity (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE clustr_counters (name TEXT PRIMARY KEY NOT NULL, value BIGINT NOT NULL) WITHOUT ROWID;
CREATE TABLE clustr_histories (seq INTEGER PRIMARY KEY, store_id TEXT NOT NULL, first_revision BIGINT NOT NULL, start_time BIGINT NOT NULL);
CREATE TABLE clustr_history_ids (store_id TEXT NOT NULL, table_name TEXT NOT NULL, last_id BIGINT NOT NULL, PRIMARY KEY (store_id, table_name)) WITHOUT ROWID;
CREATE TABLE tombstones (table_name TEXT NOT NULL, id BIGINT NOT NULL, revision BIGINT NOT NULL, PRIMARY KEY (table_name, id)) WITHOUT ROWID;
CREATE TABLE request_log (seq INTEGER PRIMARY KEY, key_hash BIGINT NOT NULL, service_method TEXT NOT NULL, request_id TEXT NOT NULL, payload_sha256 TEXT NOT NULL, answer TEXT NOT NULL, create_time BIGINT NOT NULL);
CREATE TABLE clustr_columns (table_name TEXT NOT NULL, field_number BIGINT NOT NULL, column_name TEXT NOT NULL, column_type TEXT NOT NULL, PRIMARY KEY (table_name, field_number)) WITHOUT ROWID;
CREATE TABLE products (product_sku INTEGER PRIMARY KEY, product_name TEXT NOT NULL DEFAULT '', category TEXT, brand TEXT, price_cents BIGINT, in_stock BIGINT, unit_cost_cents BIGINT, external_id TEXT, revision BIGINT NOT NULL DEFAULT 0);
CREATE TABLE customers (customer_id INTEGER PRIMARY KEY, first_name TEXT NOT NULL DEFAULT '', last_name TEXT NOT NULL DEFAULT '', gender TEXT, age BIGINT, dob TEXT, email TEXT, phone TEXT, city TEXT, income_level TEXT, shopping_preference TEXT, customer_segment TEXT, external_id TEXT, revision BIGINT NOT NULL DEFAULT 0, guest BIGINT);
CREATE TABLE timeframe (time_id INTEGER PRIMARY KEY, date TEXT NOT NULL DEFAULT '', day BIGINT NOT NULL DEFAULT 0, month BIGINT NOT NULL DEFAULT 0, year BIGINT NOT NULL DEFAULT 0, revision BIGINT NOT NULL DEFAULT 0);
CREATE INDEX tombstones_revision ON tombstones (table_name, revision);
CREATE INDEX request_log_key_hash ON request_log (key_hash);
CREATE UNIQUE INDEX products_external_id ON products (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX products_revision ON products (revision);
CREATE UNIQUE INDEX customers_external_id ON customers (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX customers_revision ON customers (revision);
CREATE UNIQUE INDEX timeframe_date ON timeframe (date);
CREATE INDEX timeframe_revision ON timeframe (revision);
INSERT INTO clustr_columns VALUES
  ('customers', 1, 'customer_id', 'BIGINT NOT NULL'),
  ('customers', 2, 'first_name', 'TEXT NOT NULL'),
  ('customers', 3, 'last_name', 'TEXT NOT NULL'),
  ('customers', 4, 'gender', 'TEXT'),
  ('customers', 5, 'age', 'BIGINT'),
  ('customers', 6, 'dob', 'TEXT'),
  ('customers', 7, 'email', 'TEXT'),
  ('customers', 8, 'phone', 'TEXT'),
  ('customers', 9, 'city', 'TEXT'),
  ('customers', 10, 'income_level', 'TEXT'),
  ('customers', 11, 'shopping_preference', 'TEXT'),
  ('customers', 12, 'customer_segment', 'TEXT'),
  ('customers', 14, 'external_id', 'TEXT'),
  ('customers', 15, 'revision', 'BIGINT NOT NULL'),
  ('customers', 16, 'guest', 'BIGINT'),
  ('products', 1, 'product_sku', 'BIGINT NOT NULL'),
  ('products', 2, 'product_name', 'TEXT NOT NULL'),
  ('products', 3, 'category', 'TEXT'),
  ('products', 4, 'brand', 'TEXT'),
  ('products', 5, 'price_cents', 'BIGINT'),
  ('products', 6, 'in_stock', 'BIGINT'),
  ('products', 7, 'unit_cost_cents', 'BIGINT'),
  ('products', 14, 'external_id', 'TEXT'),
  ('products', 15, 'revision', 'BIGINT NOT NULL'),
  ('timeframe', 1, 'time_id', 'BIGINT NOT NULL'),
  ('timeframe', 2, 'date', 'TEXT NOT NULL'),
  ('timeframe', 3, 'day', 'BIGINT NOT NULL'),
  ('timeframe', 4, 'month', 'BIGINT NOT NULL'),
  ('timeframe', 5, 'year', 'BIGINT NOT NULL'),
  ('timeframe', 15, 'revision', 'BIGINT NOT NULL');
INSERT INTO clustr_identity VALUES ('format', '2'), ('service', 'catalog');
INSERT INTO customers (customer_id, first_name, last_name, age, revision) VALUES (1, 'Ada', 'L', 36, 3);
INSERT INTO products (product_sku, product_name, category, price_cents, in_stock, revision) VALUES (1, 'Cap', 'Hats', 525, 1, 1), (2, 'Sock', NULL, 100, NULL, 2);
INSERT INTO timeframe (time_id, date, day, month, year, revision) VALUES (1, '2024-01-02', 2, 1, 2024, 4);
INSERT INTO clustr_counters VALUES ('head_revision', 5), ('ids:products', 3), ('rows:products', 2), ('ids:customers', 1), ('rows:customers', 1), ('ids:timeframe', 1), ('rows:timeframe', 1);
INSERT INTO tombstones VALUES ('products', 3, 5);
INSERT INTO clustr_histories VALUES (1, '00112233445566778899aabbccddeeff', 1, 1700000000);
INSERT INTO clustr_counters VALUES ('history', 301417386825319);
INSERT INTO clustr_history_ids VALUES ('00112233445566778899aabbccddeeff', 'customers', 0), ('00112233445566778899aabbccddeeff', 'products', 0), ('00112233445566778899aabbccddeeff', 'timeframe', 0);
