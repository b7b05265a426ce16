#include "common/streaming/change_feed.h"

#include <limits>

#include "absl/strings/str_cat.h"

namespace clustr::streaming {

storage::ChangePlace Behind(int64_t revision) {
  return {revision, std::numeric_limits<int64_t>::max(), 0};
}

absl::Status CheckResume(const storage::Store& store, const std::string& store_id,
                         int64_t after_revision) {
  const int64_t head = store.head_revision();
  if (store.CanResume(store_id, after_revision)) return absl::OkStatus();
  const std::string why =
      after_revision > head
          ? absl::StrCat(after_revision, " is beyond the head, ", head)
          : absl::StrCat("this server never had revision ", after_revision, " of that store_id");
  return MakeError(
      common::v1::ERROR_REASON_RESUME_REFUSED,
      absl::StrCat("after_revision: ", why,
                   "; discard your replica and start from 0 without store_id"),
      {{"after_revision", absl::StrCat(after_revision)}, {"head_revision", absl::StrCat(head)}});
}

absl::Status DrainingError() {
  return MakeError(common::v1::ERROR_REASON_DRAINING,
                   "the server is stopping; open the stream again");
}

absl::Status RestoredError() {
  return MakeError(common::v1::ERROR_REASON_DRAINING,
                   "the stream ends because a backup was restored; open it again");
}

}  // namespace clustr::streaming
