#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_BOOK_REFUSALS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_BOOK_REFUSALS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "clustr/common/v1/import.pb.h"

namespace clustr::ctl {

// Rows of a file to report, each with what is wrong with it: all are counted, and the first 100 by
// row number are kept. A row must be added once only. Thread-safe.
class Refusals {
 public:
  // Rows whose first fault is the same, whatever value it quotes.
  struct Group {
    int64_t count = 0;
    int64_t first_row = 0;
    std::string field;
    std::string description;  // That of the first row.
  };

  void Add(common::v1::RowError error);
  // Adds a row with one violation. `field` is empty if it concerns the row as a whole.
  void Add(int64_t row, const std::string& field, const std::string& description);

  int64_t count() const;
  // The first 100 by row number, ascending.
  std::vector<common::v1::RowError> First() const;
  // The groups, the largest first. At most 50; further faults are counted in `count` alone.
  std::vector<Group> Groups() const;

 private:
  void AddToGroup(const common::v1::RowError& error) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  int64_t count_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<common::v1::RowError> kept_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, Group> groups_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_BOOK_REFUSALS_H_
