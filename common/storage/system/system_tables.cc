#include "common/storage/system/system_tables.h"

namespace clustr::storage {

std::vector<std::string> SystemTableStatements() {
  return {
      R"sql(
    CREATE TABLE IF NOT EXISTS clustr_counters (
      name TEXT PRIMARY KEY NOT NULL,
      value BIGINT NOT NULL
    ) WITHOUT ROWID)sql",
      R"sql(
    CREATE TABLE IF NOT EXISTS clustr_histories (
      seq INTEGER PRIMARY KEY,
      store_id TEXT NOT NULL,
      first_revision BIGINT NOT NULL,
      start_time BIGINT NOT NULL
    ))sql",
      R"sql(
    CREATE TABLE IF NOT EXISTS clustr_history_ids (
      store_id TEXT NOT NULL,
      table_name TEXT NOT NULL,
      last_id BIGINT NOT NULL,
      PRIMARY KEY (store_id, table_name)
    ) WITHOUT ROWID)sql",
      R"sql(
    CREATE TABLE IF NOT EXISTS tombstones (
      table_name TEXT NOT NULL,
      id BIGINT NOT NULL,
      revision BIGINT NOT NULL,
      PRIMARY KEY (table_name, id)
    ) WITHOUT ROWID)sql",
      R"sql(
    CREATE INDEX IF NOT EXISTS tombstones_revision ON tombstones (table_name, revision))sql",
      R"sql(
    CREATE TABLE IF NOT EXISTS request_log (
      seq INTEGER PRIMARY KEY,
      key_hash BIGINT NOT NULL,
      service_method TEXT NOT NULL,
      request_id TEXT NOT NULL,
      payload_sha256 TEXT NOT NULL,
      answer TEXT NOT NULL,
      create_time BIGINT NOT NULL
    ))sql",
      R"sql(
    CREATE INDEX IF NOT EXISTS request_log_key_hash ON request_log (key_hash))sql",
  };
}

}  // namespace clustr::storage
