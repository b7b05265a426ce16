#include "common/storage/changes.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace clustr::storage {

using schema::CellType;

ChangeScan::ChangeScan(std::vector<const Table*> tables) {
  // OR instead of a row value comparison, because SOCI binds each name only once. SQLite walks the
  // index in both cases.
  const auto behind = [](absl::string_view id) {
    return absl::StrCat("revision >= :r AND (revision > :same OR ", id,
                        " > :id) ORDER BY revision, ", id, " LIMIT :limit");
  };
  for (size_t i = 0; i < tables.size(); ++i) {
    const std::string& id = tables[i]->id_field().name();
    const auto kind = static_cast<int64_t>(2 * i);
    sources_.push_back({kind, "",
                        absl::StrCat("SELECT revision, ", id, " FROM ", tables[i]->name(),
                                     " WHERE ", behind(id))});
    sources_.push_back(
        {kind + 1, tables[i]->name(),
         absl::StrCat("SELECT revision, id FROM tombstones WHERE table_name = :t AND ",
                      behind("id"))});
  }
}

std::vector<ChangePlace> ChangeScan::Next(Session& session, const ChangePlace& after,
                                          bool with_removals, int64_t limit) const {
  std::vector<ChangePlace> places;
  for (const Source& source : sources_) {
    const bool removals = source.kind % 2 == 1;
    if (removals && !with_removals) continue;
    std::vector<CellType> types(4, CellType::kInteger);
    if (removals) types.insert(types.begin(), CellType::kText);
    Statement& query =
        session.Prepared(source.sql, types, {CellType::kInteger, CellType::kInteger});
    size_t parameter = 0;
    if (removals) query.SetText(parameter++, source.table);
    // In the revision of `after`, smaller kinds have been scanned and greater kinds have not.
    const bool done_with_revision = source.kind < after.kind;
    const int64_t from = done_with_revision ? after.revision + 1 : after.revision;
    query.SetInteger(parameter++, from);
    query.SetInteger(parameter++, from);
    query.SetInteger(parameter++, source.kind == after.kind ? after.id : 0);
    query.SetInteger(parameter++, limit);
    query.Execute();
    while (query.Fetch()) places.push_back({query.integer(0), source.kind, query.integer(1)});
  }
  std::sort(places.begin(), places.end());
  if (places.size() > static_cast<size_t>(limit)) places.resize(limit);
  return places;
}

int64_t HeadRevision(Session& session) {
  return session.Integer("SELECT value FROM clustr_counters WHERE name = 'head_revision'");
}

}  // namespace clustr::storage
