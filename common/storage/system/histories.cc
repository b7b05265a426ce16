#include "common/storage/system/histories.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace clustr::storage {

using schema::CellType;

void RecordHistory(Session& session, const std::string& store_id, int64_t head,
                   const Counters& counters) {
  Statement& begin = session.Prepared(
      "INSERT INTO clustr_histories (store_id, first_revision, start_time) VALUES (:s, :r, :t)",
      {CellType::kText, CellType::kInteger, CellType::kInteger});
  begin.SetText(0, store_id);
  begin.SetInteger(1, head + 1);
  begin.SetInteger(2, absl::ToUnixSeconds(absl::Now()));
  begin.Change();
  Statement& ids = session.Prepared(
      "INSERT INTO clustr_history_ids (store_id, table_name, last_id) VALUES (:s, :t, :i)",
      {CellType::kText, CellType::kText, CellType::kInteger});
  for (const auto& [table, counter] : counters) {
    ids.SetText(0, store_id);
    ids.SetText(1, table);
    ids.SetInteger(2, counter.last_id);
    ids.Change();
  }
}

void Histories::Load(Session& session) {
  histories_.clear();
  Statement& histories =
      session.Prepared("SELECT store_id, first_revision FROM clustr_histories ORDER BY seq", {},
                       {CellType::kText, CellType::kInteger});
  histories.Execute();
  while (histories.Fetch()) histories_.push_back({histories.text(0), histories.integer(1), {}});
  Statement& ids = session.Prepared("SELECT store_id, table_name, last_id FROM clustr_history_ids",
                                    {}, {CellType::kText, CellType::kText, CellType::kInteger});
  ids.Execute();
  while (ids.Fetch()) {
    const size_t at = Find(ids.text(0));
    if (at < histories_.size()) histories_[at].last_ids[ids.text(1)] = ids.integer(2);
  }
}

size_t Histories::Find(const std::string& store_id) const {
  const auto at = std::find_if(histories_.begin(), histories_.end(), [&](const History& history) {
    return history.store_id == store_id;
  });
  return static_cast<size_t>(at - histories_.begin());
}

bool Histories::Reached(const SeenHistory& seen, int64_t head) const {
  const size_t at = Find(seen.store_id);
  if (at == histories_.size()) return false;
  return at + 1 == histories_.size() ? seen.revision <= head
                                     : seen.revision < histories_[at + 1].first_revision;
}

std::optional<Histories::History> Histories::BranchOf(const std::vector<SeenHistory>& seen,
                                                      int64_t head) const {
  if (seen.empty() || Reached(seen.front(), head)) return std::nullopt;
  for (const SeenHistory& history : seen) {
    const size_t at = Find(history.store_id);
    if (at < histories_.size()) return histories_[std::min(at + 1, histories_.size() - 1)];
  }
  // Nothing is shared, so the ids of this database say nothing about those that were seen.
  return History{histories_.front().store_id, histories_.front().first_revision, {}};
}

}  // namespace clustr::storage
