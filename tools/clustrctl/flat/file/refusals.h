#ifndef CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_REFUSALS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_REFUSALS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "clustr/common/v1/import.pb.h"

namespace clustr::ctl {

// Rows of a file that something is to be said of, each told of once: all are counted, the first 100
// of the file are kept. Thread-safe.
class Refusals {
 public:
  void Add(common::v1::RowError error);
  // The same for one field; empty if it is about the row as a whole.
  void Add(int64_t row, const std::string& field, const std::string& description);

  int64_t count() const;
  // The first 100 by row.
  std::vector<common::v1::RowError> First() const;

 private:
  mutable absl::Mutex mutex_;
  int64_t count_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<common::v1::RowError> kept_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_FLAT_FILE_REFUSALS_H_
