#include "services/bundles/models/model_table.h"

namespace clustr::bundles {

using schema::CellType;

namespace {

constexpr char kCreate[] = R"sql(
    CREATE TABLE IF NOT EXISTS bundle_models (
      model_id TEXT NOT NULL PRIMARY KEY,
      create_micros BIGINT NOT NULL))sql";
// One row at most.
constexpr char kCreateActive[] = R"sql(
    CREATE TABLE IF NOT EXISTS active_bundle_model (
      place BIGINT NOT NULL PRIMARY KEY,
      model_id TEXT NOT NULL))sql";

}  // namespace

std::vector<std::string> ModelTables() { return {kCreate, kCreateActive}; }

absl::Time FirstHad(storage::Session& session, const std::string& model_id, absl::Time now) {
  storage::Statement& query =
      session.Prepared("SELECT create_micros FROM bundle_models WHERE model_id = :m",
                       {CellType::kText}, {CellType::kInteger});
  query.SetText(0, model_id);
  query.Execute();
  int64_t micros = absl::ToUnixMicros(now);
  bool known = false;
  while (query.Fetch()) {
    micros = query.integer(0);
    known = true;
  }
  if (!known) {
    storage::Statement& insert =
        session.Prepared("INSERT INTO bundle_models (model_id, create_micros) VALUES (:m, :c)",
                         {CellType::kText, CellType::kInteger});
    insert.SetText(0, model_id);
    insert.SetInteger(1, micros);
    insert.Change();
  }
  return absl::FromUnixMicros(micros);
}

int64_t CountModels(storage::Session& session) {
  return session.Integer("SELECT COUNT(*) FROM bundle_models");
}

std::string ActiveModel(storage::Session& session) {
  storage::Statement& query =
      session.Prepared("SELECT model_id FROM active_bundle_model", {}, {CellType::kText});
  query.Execute();
  std::string model_id;
  while (query.Fetch()) model_id = query.text(0);
  return model_id;
}

void SetActiveModel(storage::Session& session, const std::string& model_id) {
  storage::Statement& replace = session.Prepared(
      "INSERT INTO active_bundle_model (place, model_id) VALUES (1, :m) "
      "ON CONFLICT (place) DO UPDATE SET model_id = excluded.model_id",
      {CellType::kText});
  replace.SetText(0, model_id);
  replace.Change();
}

}  // namespace clustr::bundles
