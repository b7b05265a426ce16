#include "common/streaming/stream_order.h"

#include "absl/strings/str_cat.h"

namespace clustr::streaming {
namespace {

// An idle stream sends one every 5 s. Those of a follower that was stopped for an hour arrive
// together.
constexpr int64_t kMaxEmpty = 1'000;
constexpr absl::Duration kPerEmpty = absl::Milliseconds(100);

}  // namespace

std::string StreamOrder::WhyRefused(const std::string& store_id, int64_t revision,
                                    int64_t head_revision, bool has_changes) {
  if (store_id.empty()) return "store_id: is empty";
  if (IsOfOtherHistory(store_id)) {
    return absl::StrCat("store_id: changed from \"", store_id_, "\" to \"", store_id,
                        "\" within one stream");
  }
  if (revision < revision_) {
    return absl::StrCat("revision: ", revision, " comes after ", revision_);
  }
  if (head_revision < revision) {
    return absl::StrCat("head_revision: ", head_revision, " is below the revision of the message, ",
                        revision);
  }
  const bool moves = has_changes || revision > revision_ || store_id_.empty();
  store_id_ = store_id;
  revision_ = revision;
  return WhyFlood(moves);
}

std::string StreamOrder::WhyFlood(bool moves) {
  if (moves) {
    empty_ = 0;
    return "";
  }
  if (++empty_ == 1) empty_since_ = SteadyNow();
  if (empty_ <= kMaxEmpty || Since(empty_since_) >= empty_ * kPerEmpty) return "";
  return absl::StrCat("changes: ", empty_, " messages without any came in ",
                      absl::ToInt64Seconds(Since(empty_since_)), " s");
}

}  // namespace clustr::streaming
