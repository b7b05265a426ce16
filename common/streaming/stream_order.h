#ifndef CLUSTR_COMMON_STREAMING_STREAM_ORDER_H_
#define CLUSTR_COMMON_STREAMING_STREAM_ORDER_H_

#include <cstdint>
#include <string>

#include "common/base/steady_time.h"

namespace clustr::streaming {

// Holds the messages of one stream to their order: they are of one history, and their revisions
// rise up to the head that they announce. Not thread-safe.
class StreamOrder {
 public:
  // The stream was asked for what is behind this revision.
  explicit StreamOrder(int64_t after_revision) : revision_(after_revision) {}

  // What is wrong with the next message, with its field and value; "" if nothing is. Heartbeats are
  // fine as long as they are not a flood of thousands.
  std::string WhyRefused(const std::string& store_id, int64_t revision, int64_t head_revision,
                         bool has_changes);

  // True if a message with this store_id is of another history than those before.
  bool IsOfOtherHistory(const std::string& store_id) const {
    return !store_id_.empty() && store_id != store_id_;
  }

 private:
  std::string WhyFlood(bool moves);

  int64_t revision_;
  std::string store_id_;
  int64_t empty_ = 0;  // Messages one after the other that brought nothing.
  SteadyTime empty_since_;
};

}  // namespace clustr::streaming

#endif  // CLUSTR_COMMON_STREAMING_STREAM_ORDER_H_
