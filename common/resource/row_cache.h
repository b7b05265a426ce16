#ifndef CLUSTR_COMMON_RESOURCE_ROW_CACHE_H_
#define CLUSTR_COMMON_RESOURCE_ROW_CACHE_H_

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"

namespace clustr::resource {

// Rows that were read since the last commit, by id. A row is only found at the revision at which it
// was put, so what is found is what the database would answer. Made for tables that are read far
// more often than they are written; under steady writes it finds nothing and costs a lock.
// Thread-safe. Holds up to 16 MiB of rows, counted in their wire size, then starts over.
template <class M>
class RowCache {
 public:
  // Copies the row with this id to `row` if it was put at `head`, the newest revision.
  bool Find(int64_t id, int64_t head, M* row) const {
    absl::ReaderMutexLock lock(&mutex_);
    if (head != head_) return false;
    const auto it = rows_.find(id);
    if (it == rows_.end()) return false;
    *row = it->second;
    return true;
  }

  // Keeps a row that was read after `head` became the newest revision.
  void Put(int64_t id, int64_t head, const M& row) {
    const auto size = static_cast<int64_t>(row.ByteSizeLong());
    absl::MutexLock lock(&mutex_);
    if (head < head_) return;
    if (head > head_ || bytes_ + size > kMaxBytes) {
      rows_.clear();
      bytes_ = 0;
      head_ = head;
    }
    if (rows_.try_emplace(id, row).second) bytes_ += size;
  }

 private:
  static constexpr int64_t kMaxBytes = 16 << 20;

  mutable absl::Mutex mutex_;
  int64_t head_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<int64_t, M> rows_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace clustr::resource

#endif  // CLUSTR_COMMON_RESOURCE_ROW_CACHE_H_
