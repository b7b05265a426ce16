#ifndef CLUSTR_COMMON_STORAGE_SYSTEM_BROKEN_TEXTS_H_
#define CLUSTR_COMMON_STORAGE_SYSTEM_BROKEN_TEXTS_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace clustr::storage {

// Stored texts that are damaged: not valid UTF-8, or not a date where one must be. Only a damaged
// disk or another program leaves such a text in a database. gRPC cannot deliver text that is not
// UTF-8: a client would fail to parse the whole message, and a follower would never get past it. So
// readers get U+FFFD in place of the broken bytes, and the row is remembered here until it is
// written again. Thread-safe.
class BrokenTexts {
 public:
  // Returns `text` if it is valid UTF-8. Otherwise returns it with U+FFFD in place of each invalid
  // byte, and remembers the row: its table, its id (0 if rows have none) and the column.
  std::string Readable(absl::string_view table, int64_t id, absl::string_view column,
                       const std::string& text);

  // Remembers a row whose text is UTF-8 but not what its column holds, for example not a date.
  void Report(absl::string_view table, int64_t id, absl::string_view column);

  // The row was written or removed. O(1) unless a broken text is known.
  void Forget(absl::string_view table, int64_t id);

  // Number of rows that are remembered, at most 1,000.
  int64_t count() const;

  // A sentence for an operator, with the remedy, for each of the first 20 rows, and how many more
  // there are.
  std::vector<std::string> Problems() const;

 private:
  using Row = std::pair<std::string, int64_t>;

  std::atomic<bool> any_ = false;
  mutable absl::Mutex mutex_;
  std::map<Row, std::string> columns_ ABSL_GUARDED_BY(mutex_);  // At most kMaxRows.
  int64_t overflow_ ABSL_GUARDED_BY(mutex_) = 0;  // Reads of broken texts beyond those rows.
};

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_SYSTEM_BROKEN_TEXTS_H_
