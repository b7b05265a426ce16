#include "common/rpc/records/audit_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/records/touched.h"

namespace clustr::rpc {
namespace {

using google::protobuf::Message;

constexpr size_t kMaxWaitingBytes = size_t{4} << 20;

void AppendMember(std::string* line, absl::string_view name, absl::string_view value) {
  if (value.empty()) return;
  absl::StrAppend(line, ",\"", name, "\":");
  AppendJson(line, value);
}

}  // namespace

absl::StatusOr<std::unique_ptr<AuditLog>> AuditLog::Open(const std::string& path) {
  if (path.empty()) return std::unique_ptr<AuditLog>(new AuditLog(-1));
  const int file = open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
  if (file < 0) {
    return absl::InvalidArgumentError(absl::StrCat("--audit-log=", path,
                                                   ": cannot be written: ", std::strerror(errno),
                                                   "; give a path that this user may write to"));
  }
  return std::unique_ptr<AuditLog>(new AuditLog(file));
}

AuditLog::AuditLog(int file) : file_(file) {
  if (file_ < 0) return;
  writer_ = std::make_unique<LineWriter>(file_, kMaxWaitingBytes, [](int64_t lines) {
    return absl::StrCat(LogLineStart("error", "audit_lines_dropped"), ",\"lines\":", lines, "}");
  });
}

AuditLog::~AuditLog() {
  if (writer_ == nullptr) return;
  writer_->Finish();
  close(file_);
}

void AuditLog::Write(const EndedCall& call, absl::string_view touched, const Message* request,
                     const Message* response) {
  std::string line = LogLineStart("info", "audit");
  AppendMember(&line, "method", call.method);
  AppendMember(&line, "code", call.code);
  AppendMember(&line, "reason", call.reason);
  AppendMember(&line, "principal", call.principal);
  AppendMember(&line, "peer", call.peer);
  absl::StrAppend(&line, touched, TouchedBy(request, response));
  AppendMember(&line, "trace_id", call.trace_id);
  AppendMember(&line, "span_id", call.span_id);
  line.push_back('}');
  if (writer_ == nullptr) return WriteLogLine(line);
  writer_->Put(line);
}

}  // namespace clustr::rpc
