#ifndef CLUSTR_TOOLS_SCHEMA_DUMP_DATA_MODEL_PAGE_H_
#define CLUSTR_TOOLS_SCHEMA_DUMP_DATA_MODEL_PAGE_H_

#include <string>

#include "absl/status/statusor.h"

namespace clustr::schema_dump {

// docs/data-model.md: every model for people. `comments` is the path of a descriptor set with
// source info that holds all models; INVALID_ARGUMENT, for a developer, if it is not.
absl::StatusOr<std::string> DataModelPage(const std::string& comments);

}  // namespace clustr::schema_dump

#endif  // CLUSTR_TOOLS_SCHEMA_DUMP_DATA_MODEL_PAGE_H_
