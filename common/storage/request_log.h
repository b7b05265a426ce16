#ifndef CLUSTR_COMMON_STORAGE_REQUEST_LOG_H_
#define CLUSTR_COMMON_STORAGE_REQUEST_LOG_H_

#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/storage/session.h"
#include "google/protobuf/message.h"

// Answers of write calls that carried a request_id, kept for at least 24 hours: a retried call
// takes effect once and gets the first answer again. An answer is written in the transaction of its
// call, so it is stored exactly if the effect is. Failures of the database are thrown.
namespace clustr::storage {

// A call that may be retried.
struct RetryKey {
  std::string method;          // Service and method, as in the path of the gRPC call.
  std::string request_id;      // Must not be empty.
  std::string payload_sha256;  // Hexadecimal digest of the serialised request.
  int64_t hash;                // Hash of method and request_id, by which answers are indexed.

  // Makes the key of `request`.
  static RetryKey Of(absl::string_view method, absl::string_view request_id,
                     const google::protobuf::Message& request);
};

// The stored serialised answer, whatever its age; unset if there is none. The wall clock has no
// say, as it may have been set since. INVALID_ARGUMENT with reason REQUEST_ID_REUSED if it answered
// another payload.
absl::StatusOr<std::optional<std::string>> FindAnswer(Session& session, const RetryKey& key);

// For the calls of FindAnswer that the rest of a transaction makes with keys of these hashes: on a
// session with grouped writes, makes those that find nothing by one statement.
void LookAheadForAnswers(Session& session, absl::Span<const int64_t> hashes);

// Calls `visit(seq, answer)` for each answer of `method` behind `after_seq`, in order; returns the
// newest seq of any method. Reads every answer behind `after_seq`.
int64_t ScanAnswers(Session& session, absl::string_view method, int64_t after_seq,
                    absl::FunctionRef<void(int64_t seq, const std::string& answer)> visit);

// Replaces an answer, and forgets the digest of its request, which tells something of what was in
// it. The request_id still counts as used, now for any payload.
void ForgetRequest(Session& session, int64_t seq, absl::string_view answer);

// Stores a serialised answer.
void RememberAnswer(Session& session, const RetryKey& key, absl::string_view answer,
                    absl::Time now);

// Deletes those of the `limit` oldest answers that are older than 24 hours at `now`. Two for each
// new answer keep the table small.
void ExpireAnswers(Session& session, int64_t limit, absl::Time now);

}  // namespace clustr::storage

#endif  // CLUSTR_COMMON_STORAGE_REQUEST_LOG_H_
