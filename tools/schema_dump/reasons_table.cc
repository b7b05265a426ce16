#include "tools/schema_dump/reasons_table.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clustr/options/v1/options.pb.h"
#include "common/base/error_reason.h"
#include "common/base/status_macros.h"
#include "tools/schema_dump/comments.h"

namespace clustr::schema_dump {
namespace {

constexpr char kBegin[] = "<!-- Error reasons: generated from proto/ by clustr-schema-dump. -->\n";
constexpr char kEnd[] = "<!-- End of the error reasons. -->\n";

// The names in ErrorInfo.metadata, those that are there only sometimes in brackets.
std::string MetadataText(const google::protobuf::EnumValueDescriptor& reason) {
  const options::v1::Reason& options = reason.options().GetExtension(options::v1::reason);
  std::vector<std::string> names;
  for (const std::string& name : options.metadata()) names.push_back(absl::StrCat("`", name, "`"));
  for (const std::string& name : options.metadata_if_known()) {
    names.push_back(absl::StrCat("(`", name, "`)"));
  }
  return absl::StrJoin(names, ", ");
}

absl::StatusOr<std::string> ReasonsTable(const std::string& comments) {
  CLUSTR_ASSIGN_OR_RETURN(const auto pool, ReadComments(comments));
  const auto& reasons = *common::v1::ErrorReason_descriptor();
  const auto* commented = pool->FindEnumTypeByName(reasons.full_name());
  if (commented == nullptr || commented->value_count() != reasons.value_count()) {
    return absl::InvalidArgumentError(
        absl::StrCat(comments, " does not hold the present ", reasons.full_name(),
                     "; name its file in tools/schema_dump/CMakeLists.txt"));
  }
  std::string table = "| Reason | Code | Meaning and what to do | Metadata |\n|---|---|---|---|\n";
  for (int i = 1; i < reasons.value_count(); ++i) {
    const auto reason = static_cast<ErrorReason>(reasons.value(i)->number());
    absl::StrAppend(
        &table, "| ", ReasonName(reason), " | ", absl::StatusCodeToString(CodeOf(reason)), " | ",
        CommentOf(*commented->value(i)), " | ", MetadataText(*reasons.value(i)), " |\n");
  }
  return table;
}

}  // namespace

absl::StatusOr<std::string> WithReasonsTable(const std::string& page, const std::string& comments) {
  const size_t begin = page.find(kBegin);
  const size_t end = page.find(kEnd);
  if (begin == std::string::npos || end == std::string::npos || end < begin) {
    return absl::InvalidArgumentError(
        absl::StrCat("the page lacks one of the lines ", kBegin, "and ", kEnd));
  }
  CLUSTR_ASSIGN_OR_RETURN(const std::string table, ReasonsTable(comments));
  return absl::StrCat(page.substr(0, begin), kBegin, table, page.substr(end));
}

}  // namespace clustr::schema_dump
