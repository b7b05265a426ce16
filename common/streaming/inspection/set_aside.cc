#include "common/streaming/inspection/set_aside.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace clustr::streaming {

std::string SetAside::Take(sales::v1::StreamSalesResponse* message) { return TakeFrom(message); }

std::string SetAside::Take(catalog::v1::StreamCatalogResponse* message) {
  return TakeFrom(message);
}

template <class Message>
std::string SetAside::TakeFrom(Message* message) {
  absl::MutexLock lock(&mutex_);
  auto& changes = *message->mutable_changes();
  for (int i = 0; i < changes.size(); ++i) {
    const std::string why = WhyNameless(changes[i]);
    if (!why.empty()) return absl::StrCat("changes[", i, "].", why);
  }
  for (auto& change : changes) {
    Check(&change);
    if (rows_.size() > max_rows_) {
      Drop(RowOf(change));
      return absl::StrCat("changes: more than ", max_rows_, " rows of this stream are wrong");
    }
  }
  return "";
}

template <class Change>
void SetAside::Check(Change* change) {
  std::string why = WhyWrong(*change);
  const RowId row = RowOf(*change);
  if (why.empty()) {
    if (!rows_.empty()) Drop(row);
    return;
  }
  const auto [it, is_new] = rows_.try_emplace(row);
  if (is_new) ++CountOf(row.kind);
  it->second = rows_.size() > kMaxReasons ? "" : std::move(why);
  MakeRemoval(change);
}

void SetAside::Drop(const RowId& row) {
  if (rows_.erase(row) > 0) --CountOf(row.kind);
}

void SetAside::Clear() {
  absl::MutexLock lock(&mutex_);
  rows_.clear();
  counts_ = {};
}

int64_t SetAside::count(RowKind kind) const {
  absl::MutexLock lock(&mutex_);
  return counts_[static_cast<size_t>(kind)];
}

void SetAside::Report(ops::v1::Upstream* upstream) const {
  absl::MutexLock lock(&mutex_);
  upstream->set_set_aside_count(static_cast<int64_t>(rows_.size()));
  for (const auto& [row, why] : rows_) {
    if (upstream->set_aside_size() == kMaxNamed) return;
    upstream->add_set_aside(why.empty() ? NameOf(row) : absl::StrCat(NameOf(row), ": ", why));
  }
}

}  // namespace clustr::streaming
