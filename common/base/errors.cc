#include "common/base/errors.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/rpc/error_details.pb.h"

namespace clustr {
namespace {

constexpr char kErrorInfoUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kBadRequestUrl[] = "type.googleapis.com/google.rpc.BadRequest";
constexpr char kRetryInfoUrl[] = "type.googleapis.com/google.rpc.RetryInfo";
constexpr int kMaxViolations = 20;
// gRPC 1.51 loses trailing metadata beyond 8 KiB: the message and its copy in the details stay
// below.
constexpr size_t kMaxViolationBytes = 1400;
constexpr size_t kMaxIds = 20;
constexpr size_t kMaxIdBytes = 1000;
constexpr char kEllipsis[] = "…";

// How many of `ids` are named: the first 20, fewer if they are long, but at least one.
size_t NamedCount(const std::vector<std::string>& ids) {
  size_t count = 0;
  size_t bytes = 0;
  while (count < std::min(ids.size(), kMaxIds) && (count == 0 || bytes <= kMaxIdBytes)) {
    bytes += ids[count++].size();
  }
  return count > 1 && bytes > kMaxIdBytes ? count - 1 : count;
}

// `7, 8 and 3 more`.
std::string FirstOf(const std::vector<std::string>& ids) {
  const size_t named = NamedCount(ids);
  std::string text = absl::StrJoin(ids.begin(), ids.begin() + named, ", ");
  if (ids.size() > named) absl::StrAppend(&text, " and ", ids.size() - named, " more");
  return text;
}

// Where the first violation says that a row is missing: the values of all that say so, each once. A
// program may create all of these rows before it tries again. "" if one could not be told from the
// others, as it holds a comma, or is not whole, as it was shortened.
std::string ValuesOf(const std::vector<Violation>& violations) {
  if (violations.front().reason != common::v1::ERROR_REASON_REFERENCE_MISSING) return "";
  std::vector<std::string> values;
  for (const Violation& violation : violations) {
    if (violation.reason != common::v1::ERROR_REASON_REFERENCE_MISSING) continue;
    for (const auto& [name, value] : violation.metadata) {
      if (name != "value") continue;
      if (absl::StrContains(value, ",") || absl::EndsWith(value, kEllipsis)) return "";
      const bool is_new = std::find(values.begin(), values.end(), value) == values.end();
      if (is_new) values.push_back(value);
    }
  }
  if (values.empty()) return "";
  return absl::StrJoin(values.begin(), values.begin() + NamedCount(values), ",");
}

// The ErrorInfo of an error; false if it has none.
bool ReadInfo(const absl::Status& status, google::rpc::ErrorInfo* info) {
  const auto payload = status.GetPayload(kErrorInfoUrl);
  return payload.has_value() && info->ParseFromString(std::string(*payload));
}

}  // namespace

absl::Status MakeError(ErrorReason reason, absl::string_view message,
                       const ErrorMetadata& metadata) {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(ReasonName(reason)));
  info.set_domain("clustr");
  for (const auto& [name, value] : metadata) (*info.mutable_metadata())[name] = value;
  absl::Status status(CodeOf(reason), message);
  status.SetPayload(kErrorInfoUrl, absl::Cord(info.SerializeAsString()));
  if (const absl::Duration delay = RetryDelayOf(reason); delay > absl::ZeroDuration()) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(absl::ToInt64Seconds(delay));
    status.SetPayload(kRetryInfoUrl, absl::Cord(retry.SerializeAsString()));
  }
  return status;
}

absl::Status ViolationError(std::vector<Violation> violations) {
  std::stable_partition(violations.begin(), violations.end(), [](const Violation& v) {
    return v.reason == common::v1::ERROR_REASON_FIELD_INVALID;
  });
  google::rpc::BadRequest details;
  std::string message;
  int told = 0;
  for (const Violation& violation : violations) {
    const size_t bytes = violation.field.size() + violation.description.size();
    if (told == kMaxViolations || (told > 0 && message.size() + bytes > kMaxViolationBytes)) break;
    absl::StrAppend(&message, told == 0 ? "" : "; ", violation.field, ": ", violation.description);
    auto* entry = details.add_field_violations();
    entry->set_field(violation.field);
    entry->set_description(violation.description);
    ++told;
  }
  if (const size_t untold = violations.size() - told; untold > 0) {
    absl::StrAppend(&message, "; and ", untold, " more");
  }
  const std::string values = ValuesOf(violations);
  Violation& first = violations.front();
  first.metadata.emplace_back("field", first.field);
  if (violations.size() > 1) {
    first.metadata.emplace_back("violation_count", absl::StrCat(violations.size()));
  }
  if (!values.empty()) first.metadata.emplace_back("values", values);
  absl::Status status = MakeError(first.reason, message, first.metadata);
  status.SetPayload(kBadRequestUrl, absl::Cord(details.SerializeAsString()));
  return status;
}

absl::Status FieldError(absl::string_view field, absl::string_view description, ErrorReason reason,
                        ErrorMetadata metadata) {
  return ViolationError(
      {{std::string(field), std::string(description), reason, std::move(metadata)}});
}

absl::Status NotFoundError(absl::string_view resource, const std::vector<std::string>& ids,
                           const MissingKeys& keys) {
  std::string message = absl::StrCat("no ", absl::AsciiStrToLower(resource), " ", FirstOf(ids));
  std::vector<std::string> told = ids;
  if (!keys.values.empty()) {
    if (!ids.empty()) absl::StrAppend(&message, ", and none ");
    std::vector<std::string> quoted;
    for (const std::string& key : keys.values) quoted.push_back(Quoted(key));
    absl::StrAppend(&message, "with ", keys.field, " ", FirstOf(quoted));
    if (!keys.are_personal) told.insert(told.end(), keys.values.begin(), keys.values.end());
  }
  ErrorMetadata metadata = {{"id_count", absl::StrCat(ids.size() + keys.values.size())}};
  if (!told.empty()) {
    metadata.emplace_back("ids", absl::StrJoin(told.begin(), told.begin() + NamedCount(told), ","));
  }
  return MakeError(ReasonNamed(absl::StrCat(resource, "_NOT_FOUND")), message, metadata);
}

absl::Status NotFoundError(absl::string_view resource, absl::string_view id) {
  return NotFoundError(resource, std::vector<std::string>{std::string(id)});
}

ErrorReason ReasonOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  return ReadInfo(status, &info) ? ReasonNamed(info.reason())
                                 : common::v1::ERROR_REASON_UNSPECIFIED;
}

ErrorMetadata MetadataOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  if (!ReadInfo(status, &info)) return {};
  return ErrorMetadata(info.metadata().begin(), info.metadata().end());
}

absl::Status WithMetadata(absl::Status status, const ErrorMetadata& added) {
  google::rpc::ErrorInfo info;
  if (added.empty() || !ReadInfo(status, &info)) return status;
  for (const auto& [name, value] : added) info.mutable_metadata()->insert({name, value});
  status.SetPayload(kErrorInfoUrl, absl::Cord(info.SerializeAsString()));
  return status;
}

std::string Shortened(absl::string_view value) {
  constexpr int kMaxCodePoints = 40;
  size_t bytes = 0;
  for (int code_points = 0; bytes < value.size(); ++bytes) {
    const bool starts_code_point = (static_cast<unsigned char>(value[bytes]) & 0xC0) != 0x80;
    if (starts_code_point && ++code_points > kMaxCodePoints) break;
  }
  return absl::StrCat(value.substr(0, bytes), bytes < value.size() ? kEllipsis : "");
}

std::string Quoted(absl::string_view value) { return absl::StrCat("\"", Shortened(value), "\""); }

}  // namespace clustr
