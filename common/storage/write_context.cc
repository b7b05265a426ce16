#include "common/storage/write_context.h"

#include <algorithm>

namespace clustr::storage {

int64_t WriteContext::Revision() {
  if (revision_ == 0) revision_ = head_ + 1;
  return revision_;
}

int64_t WriteContext::NextId(const std::string& table) { return ++counters_[table].last_id; }

void WriteContext::RaiseId(const std::string& table, int64_t id) {
  int64_t& last = counters_[table].last_id;
  last = std::max(last, id);
}

int64_t WriteContext::LastId(const std::string& table) const {
  const auto it = counters_.find(table);
  return it == counters_.end() ? 0 : it->second.last_id;
}

void WriteContext::AddRows(const std::string& table, int64_t rows) {
  counters_[table].rows += rows;
}

int64_t WriteContext::Rows(const std::string& table) const {
  const auto it = counters_.find(table);
  return it == counters_.end() ? 0 : it->second.rows;
}

void WriteContext::Restore(int64_t revision, const Counters& counters) {
  revision_ = revision;
  for (const auto& [table, restored] : counters) {
    RaiseId(table, restored.last_id);
    counters_[table].rows = restored.rows;
  }
}

}  // namespace clustr::storage
