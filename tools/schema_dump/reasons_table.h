#ifndef CLUSTR_TOOLS_SCHEMA_DUMP_REASONS_TABLE_H_
#define CLUSTR_TOOLS_SCHEMA_DUMP_REASONS_TABLE_H_

#include <string>

#include "absl/status/statusor.h"

namespace clustr::schema_dump {

// `page`, which is docs/api.md, with the table of error reasons between its two marks renewed.
// `comments` is as in DataModelPage. INVALID_ARGUMENT, for a developer, if the page lacks a mark or
// the comments lack the reasons.
absl::StatusOr<std::string> WithReasonsTable(const std::string& page, const std::string& comments);

}  // namespace clustr::schema_dump

#endif  // CLUSTR_TOOLS_SCHEMA_DUMP_REASONS_TABLE_H_
