#include "common/storage/system/counters.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/log.h"
#include "common/schema/annotations.h"
#include "common/schema/value_rules.h"
#include "common/storage/sql/array_text.h"

namespace clustr::storage {

using schema::CellType;

namespace {

// Names in clustr_counters; kLastId and kRows are prefixes of a table's name.
constexpr char kHeadRevision[] = "head_revision";
constexpr char kRestores[] = "restores";
constexpr char kLastId[] = "ids:";
constexpr char kRows[] = "rows:";
constexpr char kNewestValue[] = "ON CONFLICT (name) DO UPDATE SET value = excluded.value";
// With fewer ids left, an operator is warned, and the next start takes the counter back. Half of
// the ids above schema::kMaxGivenId: a shop that numbers 10,000 rows a second gets there in two
// years at the earliest.
constexpr int64_t kFewIds = (schema::kMaxId - schema::kMaxGivenId) / 2;

bool HasFewIds(const TableCounters& counters) {
  return schema::kMaxId - counters.last_id < kFewIds;
}

// Greatest id of a row or a tombstone that a caller may have given; 0 if there is none.
int64_t MaxGivenId(Session& session, const std::string& table, const std::string& id_column) {
  const int64_t row =
      session.Integer(absl::StrCat("SELECT max(", id_column, ") FROM ", table, " WHERE ", id_column,
                                   " <= ", schema::kMaxGivenId));
  const int64_t removed =
      session.Integer(absl::StrCat("SELECT max(id) FROM tombstones WHERE table_name = '", table,
                                   "' AND id <= ", schema::kMaxGivenId));
  return std::max(row, removed);
}

}  // namespace

StoredCounters LoadCounters(Session& session) {
  StoredCounters counters;
  Statement& query = session.Prepared("SELECT name, value FROM clustr_counters", {},
                                      {CellType::kText, CellType::kInteger});
  query.Execute();
  while (query.Fetch()) {
    absl::string_view name = query.text(0);
    if (name == kHeadRevision) {
      counters.head_revision = query.integer(1);
    } else if (name == kRestores) {
      counters.restores = query.integer(1);
    } else if (absl::ConsumePrefix(&name, kLastId)) {
      counters.tables[std::string(name)].last_id = query.integer(1);
    } else if (absl::ConsumePrefix(&name, kRows)) {
      counters.tables[std::string(name)].rows = query.integer(1);
    }
  }
  return counters;
}

void SaveCounters(Session& session, int64_t head_revision, const Counters& saved,
                  const Counters& tables) {
  std::vector<std::string> names;
  std::vector<int64_t> values;
  const auto put = [&](std::string name, int64_t value) {
    names.push_back(std::move(name));
    values.push_back(value);
  };
  put(kHeadRevision, head_revision);
  for (const auto& [table, counters] : tables) {
    const auto old = saved.find(table);
    if (old != saved.end() && old->second == counters) continue;
    put(absl::StrCat(kLastId, table), counters.last_id);
    put(absl::StrCat(kRows, table), counters.rows);
  }
  if (session.dialect() == Dialect::kPostgresql) {
    Statement& save = session.Prepared(
        absl::StrCat("INSERT INTO clustr_counters (name, value) SELECT * FROM "
                     "unnest(CAST(:n AS TEXT[]), CAST(:v AS BIGINT[])) AS u(name, value) ",
                     kNewestValue),
        {CellType::kText, CellType::kText});
    save.SetText(0, ArrayText(names));
    save.SetText(1, ArrayText(values));
    save.Change();
    return;
  }
  Statement& save = session.Prepared(
      absl::StrCat("INSERT INTO clustr_counters (name, value) VALUES (:n, :v) ", kNewestValue),
      {CellType::kText, CellType::kInteger});
  for (size_t i = 0; i < names.size(); ++i) {
    save.SetText(0, names[i]);
    save.SetInteger(1, values[i]);
    save.Change();
  }
}

void CountRestore(Session& session) {
  session.Run(
      absl::StrCat("INSERT INTO clustr_counters (name, value) VALUES ('", kRestores,
                   "', 1) ON CONFLICT (name) DO UPDATE SET value = clustr_counters.value + 1"));
}

void RestoreIdCounters(Session& session,
                       const std::vector<const google::protobuf::Descriptor*>& models,
                       Counters* tables) {
  for (const auto* model : models) {
    const std::string& table = schema::TableOptions(*model)->name();
    const auto counters = tables->find(table);
    if (counters == tables->end() || !HasFewIds(counters->second)) continue;
    const auto* id = schema::IdField(*model);
    const int64_t restored = MaxGivenId(session, table, schema::ColumnName(*id));
    Log(LogLevel::kWarning, "id counter taken back",
        {{"table", table},
         {"from", absl::StrCat(counters->second.last_id)},
         {"to", absl::StrCat(restored)}});
    counters->second.last_id = restored;
  }
}

std::vector<std::string> IdProblems(const Counters& tables) {
  std::vector<std::string> problems;
  for (const auto& [table, counters] : tables) {
    if (!HasFewIds(counters)) continue;
    problems.push_back(absl::StrCat(
        "only ", schema::kMaxId - counters.last_id, " ids are left for new rows of ", table,
        "; restart this server, which then continues after the greatest id of at most ",
        schema::kMaxGivenId));
  }
  std::sort(problems.begin(), problems.end());
  return problems;
}

}  // namespace clustr::storage
