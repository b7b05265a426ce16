#ifndef CLUSTR_COMMON_STORAGE_REQUEST_LOG_H_
#define CLUSTR_COMMON_STORAGE_REQUEST_LOG_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/storage/session.h"
#include "google/protobuf/message.h"

// Answers of write calls that carried a request_id, kept 24 hours: a retry has its effect once and
// gets the first answer. Part of the call's own transaction, so an answer is there exactly if its
// effect is.
namespace clustr::storage {

// A call that may be retried.
struct RetryKey {
  std::string method;      // Service and method, as in the path of the call.
  std::string request_id;  // Not empty.
  std::string payload_sha256;

  // Over the serialised request.
  static RetryKey Of(absl::string_view method, absl::string_view request_id,
                     const google::protobuf::Message& request);
};

// The serialised answer that is remembered; unset if there is none younger than 24 hours.
// INVALID_ARGUMENT with reason REQUEST_ID_REUSED if it was for another payload.
absl::StatusOr<std::optional<std::string>> FindAnswer(Session& session, const RetryKey& key,
                                                      absl::Time now);

// Remembers an answer, and forgets a few that are older than 24 hours.
void RememberAnswer(Session& session, const RetryKey& key, absl::string_view answer,
                    absl::Time now);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_REQUEST_LOG_H_
