#ifndef CLUSTR_COMMON_STREAMING_INSPECTION_SET_ASIDE_H_
#define CLUSTR_COMMON_STREAMING_INSPECTION_SET_ASIDE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/btree_map.h"
#include "absl/synchronization/mutex.h"
#include "clustr/catalog/v1/catalog_stream_service.pb.h"
#include "clustr/ops/v1/admin_service.pb.h"
#include "clustr/sales/v1/sales_stream_service.pb.h"
#include "common/streaming/inspection/inspection.h"

namespace clustr::streaming {

// The rows of one stream that are set aside, because each is wrong by itself (see WhyWrong). Who
// follows the stream gets the removal of such a row in its place: so it stops nothing, and an older
// state of it does not pass for the newest. A row stays set aside until the stream brings it as it
// should be, or removes it. A change that names no row (see WhyNameless) is not set aside: nothing
// could ever take it back, and any number of them would count as one. Thread-safe.
class SetAside {
 public:
  static constexpr size_t kMaxRows = 1'000'000;
  // What is wrong is kept of so many rows, and told of those that Report names.
  static constexpr size_t kMaxReasons = 1'000;
  static constexpr int kMaxNamed = 20;

  // More rows than `max_rows` are not set aside; about 50 bytes each.
  explicit SetAside(size_t max_rows = kMaxRows) : max_rows_(max_rows) {}

  // Sets aside the wrong rows of a message, by making each change its row's removal. Returns "" or,
  // if a change names no row or the rows would be too many, why nothing of the message may be used:
  // then nothing can be believed any more. O(changes).
  std::string Take(sales::v1::StreamSalesResponse* message);
  std::string Take(catalog::v1::StreamCatalogResponse* message);

  // Who follows the stream has dropped all that it held.
  void Clear();

  // Adds how many there are, and names the first of them.
  void Report(ops::v1::Upstream* upstream) const;
  // How many there are of one kind.
  int64_t count(RowKind kind) const;

 private:
  template <class Message>
  std::string TakeFrom(Message* message);
  // Makes `change` what the follower is to get.
  template <class Change>
  void Check(Change* change) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  void Drop(const RowId& row) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  int64_t& CountOf(RowKind kind) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return counts_[static_cast<size_t>(kind)];
  }

  const size_t max_rows_;
  mutable absl::Mutex mutex_;
  // What is wrong, "" beyond kMaxReasons.
  absl::btree_map<RowId, std::string> rows_ ABSL_GUARDED_BY(mutex_);
  std::array<int64_t, kRowKinds> counts_ ABSL_GUARDED_BY(mutex_) = {};  // Of rows_, by kind.
};

}  // namespace clustr::streaming

#endif  // CLUSTR_COMMON_STREAMING_INSPECTION_SET_ASIDE_H_
