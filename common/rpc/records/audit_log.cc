#include "common/rpc/records/audit_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/schema/annotations.h"

namespace clustr::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr size_t kMaxWaitingBytes = size_t{4} << 20;
constexpr size_t kMaxIds = 20;

// Ids by the name of the field, and the greatest revision.
struct Touched {
  absl::btree_map<std::string, absl::btree_set<int64_t>> ids;
  int64_t revision = 0;

  void Add(const std::string& name, int64_t id) {
    if (id == 0) return;
    absl::btree_set<int64_t>& known = ids[name];
    if (known.size() < kMaxIds) known.insert(id);
  }
};

void AddRow(const Message& row, Touched* touched) {
  const FieldDescriptor* id = schema::IdField(*row.GetDescriptor());
  if (id != nullptr) touched->Add(id->name(), row.GetReflection()->GetInt64(row, id));
}

// The ids that a request names at its top, and the rows at the top of a message.
void AddMessage(const Message& message, Touched* touched) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT64 && !field->is_repeated()) {
      const int64_t value = reflection.GetInt64(message, field);
      if (field->name() == "revision") touched->revision = std::max(touched->revision, value);
      if (schema::FieldOptions(*field).meaning() == options::v1::MEANING_ID) {
        touched->Add(field->name(), value);
      }
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_map()) {
      if (field->is_repeated()) {
        for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
          AddRow(reflection.GetRepeatedMessage(message, field, i), touched);
        }
        continue;
      }
      const Message& part = reflection.GetMessage(message, field);
      AddRow(part, touched);
      const FieldDescriptor* revision = part.GetDescriptor()->FindFieldByName("revision");
      if (revision != nullptr && revision->cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
        touched->revision =
            std::max(touched->revision, part.GetReflection()->GetInt64(part, revision));
      }
    }
  }
}

void AppendRequestFacts(const Message& request, std::string* line) {
  const Reflection& reflection = *request.GetReflection();
  const auto find = [&](const char* name, FieldDescriptor::CppType type) {
    const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(name);
    return field != nullptr && field->cpp_type() == type && !field->is_repeated() ? field : nullptr;
  };
  if (const auto* field = find("request_id", FieldDescriptor::CPPTYPE_STRING)) {
    const std::string id = reflection.GetString(request, field);
    if (!id.empty()) {
      line->append(",\"request_id\":");
      // An id that breaks the rules of the contract may be longer.
      AppendJson(line, absl::string_view(id).substr(0, 64));
    }
  }
  const auto* field = find("validate_only", FieldDescriptor::CPPTYPE_BOOL);
  if (field != nullptr && reflection.GetBool(request, field)) {
    line->append(",\"validate_only\":true");
  }
}

void AppendMember(std::string* line, absl::string_view name, absl::string_view value) {
  if (value.empty()) return;
  absl::StrAppend(line, ",\"", name, "\":");
  AppendJson(line, value);
}

}  // namespace

std::string TouchedBy(const Message* request, const Message* response) {
  std::string line;
  Touched touched;
  if (request != nullptr) {
    AppendRequestFacts(*request, &line);
    AddMessage(*request, &touched);
    touched.revision = 0;  // A revision in a request is one that the caller knows.
  }
  if (response != nullptr) AddMessage(*response, &touched);
  if (!touched.ids.empty()) {
    absl::StrAppend(&line, ",\"ids\":{",
                    absl::StrJoin(touched.ids, ",",
                                  [](std::string* out, const auto& entry) {
                                    absl::StrAppend(out, "\"", entry.first, "\":[",
                                                    absl::StrJoin(entry.second, ","), "]");
                                  }),
                    "}");
  }
  if (touched.revision > 0) absl::StrAppend(&line, ",\"revision\":", touched.revision);
  return line;
}

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

void AuditLog::Write(const EndedCall& call, const Message* request, const Message* response) {
  std::string line = LogLineStart("info", "audit");
  AppendMember(&line, "method", call.method);
  AppendMember(&line, "code", call.code);
  AppendMember(&line, "reason", call.reason);
  AppendMember(&line, "principal", call.principal);
  AppendMember(&line, "peer", call.peer);
  absl::StrAppend(&line, TouchedBy(request, response));
  AppendMember(&line, "trace_id", call.trace_id);
  AppendMember(&line, "span_id", call.span_id);
  line.push_back('}');
  if (writer_ == nullptr) return WriteLogLine(line);
  writer_->Put(line);
}

}  // namespace clustr::rpc
