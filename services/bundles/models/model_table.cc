#include "services/bundles/models/model_table.h"

namespace clustr::bundles {

using schema::CellType;

namespace {

constexpr char kCreate[] = R"sql(
    CREATE TABLE IF NOT EXISTS bundle_models (
      model_id TEXT NOT NULL PRIMARY KEY,
      create_micros BIGINT NOT NULL))sql";

}  // namespace

absl::Time FirstHad(storage::Session& session, const std::string& model_id, absl::Time now) {
  session.Run(kCreate);
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

}  // namespace clustr::bundles
