#include "common/base/error_reason.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clustr/options/v1/options.pb.h"

namespace clustr {
namespace {

constexpr char kPrefix[] = "ERROR_REASON_";

options::v1::Reason OptionsOf(ErrorReason reason) {
  const auto* value = common::v1::ErrorReason_descriptor()->FindValueByNumber(reason);
  return value == nullptr ? options::v1::Reason()
                          : value->options().GetExtension(options::v1::reason);
}

absl::StatusCode CodeNamed(absl::string_view name) {
  for (int code = 1; code <= static_cast<int>(absl::StatusCode::kUnauthenticated); ++code) {
    if (absl::StatusCodeToString(static_cast<absl::StatusCode>(code)) == name) {
      return static_cast<absl::StatusCode>(code);
    }
  }
  return absl::StatusCode::kInternal;
}

}  // namespace

absl::string_view ReasonName(ErrorReason reason) {
  if (reason == common::v1::ERROR_REASON_UNSPECIFIED) return "";
  return absl::StripPrefix(common::v1::ErrorReason_Name(reason), kPrefix);
}

ErrorReason ReasonNamed(absl::string_view name) {
  ErrorReason reason = common::v1::ERROR_REASON_UNSPECIFIED;
  common::v1::ErrorReason_Parse(absl::StrCat(kPrefix, name), &reason);
  return reason;
}

absl::StatusCode CodeOf(ErrorReason reason) { return CodeNamed(OptionsOf(reason).code()); }

absl::Duration RetryDelayOf(ErrorReason reason) {
  return absl::Seconds(OptionsOf(reason).retry_after_seconds());
}

bool HasMetadata(ErrorReason reason, absl::string_view name) {
  const options::v1::Reason options = OptionsOf(reason);
  const auto names = [name](const auto& list) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  return names(options.metadata()) || names(options.metadata_if_known());
}

}  // namespace clustr
