#ifndef CLUSTR_TOOLS_SCHEMA_DUMP_DATA_MODEL_PAGE_H_
#define CLUSTR_TOOLS_SCHEMA_DUMP_DATA_MODEL_PAGE_H_

#include <string>

#include "absl/status/statusor.h"

namespace clustr::schema_dump {

// Returns the text of docs/data-model.md, which describes every model. `comments` is the path of a
// descriptor set with source info that contains all models; INVALID_ARGUMENT, with a message for
// developers, if it does not.
absl::StatusOr<std::string> DataModelPage(const std::string& comments);

}  // namespace clustr::schema_dump

#endif  // CLUSTR_TOOLS_SCHEMA_DUMP_DATA_MODEL_PAGE_H_
