-- bundles, schema 6.
CREATE TABLE clustr_identity (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE clustr_counters (name TEXT PRIMARY KEY NOT NULL, value BIGINT NOT NULL) WITHOUT ROWID;
CREATE TABLE clustr_histories (seq INTEGER PRIMARY KEY, store_id TEXT NOT NULL, first_revision BIGINT NOT NULL, start_time BIGINT NOT NULL);
CREATE TABLE clustr_history_ids (store_id TEXT NOT NULL, table_name TEXT NOT NULL, last_id BIGINT NOT NULL, PRIMARY KEY (store_id, table_name)) WITHOUT ROWID;
CREATE TABLE tombstones (table_name TEXT NOT NULL, id BIGINT NOT NULL, revision BIGINT NOT NULL, PRIMARY KEY (table_name, id)) WITHOUT ROWID;
CREATE TABLE request_log (seq INTEGER PRIMARY KEY, key_hash BIGINT NOT NULL, service_method TEXT NOT NULL, request_id TEXT NOT NULL, payload_sha256 TEXT NOT NULL, answer TEXT NOT NULL, create_time BIGINT NOT NULL);
CREATE TABLE clustr_columns (table_name TEXT NOT NULL, field_number BIGINT NOT NULL, column_name TEXT NOT NULL, column_type TEXT NOT NULL, PRIMARY KEY (table_name, field_number)) WITHOUT ROWID;
CREATE TABLE bundle_rules (rule_id BIGINT NOT NULL DEFAULT 0, antecedents TEXT NOT NULL DEFAULT '', consequents TEXT NOT NULL DEFAULT '', support DOUBLE PRECISION NOT NULL DEFAULT 0, confidence DOUBLE PRECISION NOT NULL DEFAULT 0, lift DOUBLE PRECISION NOT NULL DEFAULT 0, count_a BIGINT NOT NULL DEFAULT 0, count_b BIGINT NOT NULL DEFAULT 0, count_ab BIGINT NOT NULL DEFAULT 0, basket_count BIGINT NOT NULL DEFAULT 0);
CREATE TABLE bundle_floor (sales_revision BIGINT NOT NULL, catalog_revision BIGINT NOT NULL, basket_count BIGINT NOT NULL, sales_store_id TEXT NOT NULL, catalog_store_id TEXT NOT NULL);
CREATE TABLE bundle_models (model_id TEXT NOT NULL PRIMARY KEY, create_micros BIGINT NOT NULL);
CREATE TABLE active_bundle_model (place BIGINT NOT NULL PRIMARY KEY, model_id TEXT NOT NULL);
CREATE TABLE bundle_model_traffic (place BIGINT NOT NULL PRIMARY KEY, model_id TEXT NOT NULL, percent BIGINT NOT NULL);
CREATE INDEX tombstones_revision ON tombstones (table_name, revision);
CREATE INDEX request_log_key_hash ON request_log (key_hash);
CREATE INDEX bundle_rules_rule_id ON bundle_rules (rule_id);
INSERT INTO clustr_columns VALUES
  ('bundle_rules', 1, 'rule_id', 'BIGINT NOT NULL'),
  ('bundle_rules', 2, 'antecedents', 'TEXT NOT NULL'),
  ('bundle_rules', 3, 'consequents', 'TEXT NOT NULL'),
  ('bundle_rules', 4, 'support', 'DOUBLE PRECISION NOT NULL'),
  ('bundle_rules', 5, 'confidence', 'DOUBLE PRECISION NOT NULL'),
  ('bundle_rules', 6, 'lift', 'DOUBLE PRECISION NOT NULL'),
  ('bundle_rules', 7, 'count_a', 'BIGINT NOT NULL'),
  ('bundle_rules', 8, 'count_b', 'BIGINT NOT NULL'),
  ('bundle_rules', 9, 'count_ab', 'BIGINT NOT NULL'),
  ('bundle_rules', 10, 'basket_count', 'BIGINT NOT NULL');
INSERT INTO clustr_identity VALUES ('format', '2'), ('service', 'bundles');
INSERT INTO bundle_rules (rule_id, antecedents, consequents, support, confidence, lift, count_a, count_b, count_ab, basket_count) VALUES (7, '[1]', '[2]', 0.5, 1, 2, 1, 1, 1, 2);
INSERT INTO clustr_counters VALUES ('head_revision', 0), ('rows:bundle_rules', 1);
INSERT INTO clustr_histories VALUES (1, '00112233445566778899aabbccddeeff', 1, 1700000000);
INSERT INTO clustr_counters VALUES ('history', 301417386825319);
INSERT INTO bundle_models VALUES ('heuristic-v0', 1700000000000000);
