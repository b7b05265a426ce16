#ifndef CLUSTR_COMMON_RPC_RECORDS_AUDIT_LOG_H_
#define CLUSTR_COMMON_RPC_RECORDS_AUDIT_LOG_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/line_writer.h"
#include "common/base/log.h"
#include "google/protobuf/message.h"

namespace clustr::rpc {

// The audit: a JSON line for each refused call and each call that may change something. Its schema
// is in docs/operations.md. It holds ids and revisions, and no personal data. Thread-safe and
// non-blocking, like the log.
class AuditLog {
 public:
  // Appends to the file `path`, which is created if it does not exist; "" writes to the log.
  // INVALID_ARGUMENT, with a text for an operator, if the file cannot be opened.
  static absl::StatusOr<std::unique_ptr<AuditLog>> Open(const std::string& path);
  ~AuditLog();
  AuditLog(const AuditLog&) = delete;
  AuditLog& operator=(const AuditLog&) = delete;

  // Writes the line of a call. `request` and `response` may be null; what they tell about ids is
  // taken from them. `touched` is what TouchedBy told about a request before, or "".
  void Write(const EndedCall& call, absl::string_view touched,
             const google::protobuf::Message* request, const google::protobuf::Message* response);

 private:
  explicit AuditLog(int file);

  const int file_;  // -1: the log.
  std::unique_ptr<LineWriter> writer_;
};

}  // namespace clustr::rpc

#endif  // CLUSTR_COMMON_RPC_RECORDS_AUDIT_LOG_H_
