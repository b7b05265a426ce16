#ifndef CLUSTR_COMMON_RESOURCE_ROW_FAULTS_H_
#define CLUSTR_COMMON_RESOURCE_ROW_FAULTS_H_

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/base/errors.h"

namespace clustr::resource {

// The rows of a batch that are refused for what they hold themselves, before the database is asked.
// Keeps the violations of the first kMaxReported of them, as no import reports more: the text of a
// violation takes more memory than an empty row. Not thread-safe.
class RowFaults {
 public:
  static constexpr size_t kMaxReported = 100;

  // A batch of no rows, or of `rows` rows of which none is refused yet.
  RowFaults() = default;
  explicit RowFaults(int rows) : refused_(rows) {}

  // Refuses `row`, counted from 0, which must not have been refused before. `violations` must not
  // be empty. Rows must be refused in their order.
  void Refuse(int row, std::vector<Violation> violations) {
    refused_[row] = true;
    if (kept_.size() < kMaxReported) kept_.emplace(row, std::move(violations));
  }

  bool IsRefused(int row) const { return refused_[row]; }
  // The violations of `row`; nullptr if it is not refused, or if they were not kept.
  const std::vector<Violation>* Find(int row) const {
    const auto found = kept_.find(row);
    return found == kept_.end() ? nullptr : &found->second;
  }

 private:
  std::vector<bool> refused_;
  absl::flat_hash_map<int, std::vector<Violation>> kept_;
};

}  // namespace clustr::resource

#endif  // CLUSTR_COMMON_RESOURCE_ROW_FAULTS_H_
