#ifndef CLUSTR_SERVICES_SALES_CATALOG_CHANGE_LOG_H_
#define CLUSTR_SERVICES_SALES_CATALOG_CHANGE_LOG_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_set.h"

namespace clustr::sales {

// Which rows changed lately, for readers that keep something made of them. Each change is a version
// of its own. Not thread-safe.
class ChangeLog {
 public:
  // A version of the rows; 0 is before all of them.
  int64_t version() const { return version_; }

  void Changed(int64_t id) {
    ++version_;
    ids_.push_back(id);
    if (ids_.size() > kRemembered) ids_.pop_front();
  }
  // From now on, readers must read all rows.
  void StartOver() {
    ++version_;
    ids_.clear();
  }

  // The rows that changed after `version`, each once; unset if that was too long ago to tell.
  std::optional<std::vector<int64_t>> Since(int64_t version) const {
    const auto count = static_cast<size_t>(version_ - version);
    if (version <= 0 || count > ids_.size()) return std::nullopt;
    const absl::flat_hash_set<int64_t> ids(ids_.end() - static_cast<std::ptrdiff_t>(count),
                                           ids_.end());
    return std::vector<int64_t>(ids.begin(), ids.end());
  }

 private:
  static constexpr size_t kRemembered = 10'000;

  int64_t version_ = 1;
  std::deque<int64_t> ids_;
};

}  // namespace clustr::sales

#endif  // CLUSTR_SERVICES_SALES_CATALOG_CHANGE_LOG_H_
