#include "tools/clustrctl/flat/rows/file_row.h"

#include "common/base/errors.h"

namespace clustr::ctl {

void RowContext::Refuse(Role role, std::string description, FileRow* row) const {
  auto* violation = row->error->add_violations();
  violation->set_field(columns.Name(role));
  violation->set_description(std::move(description));
  violation->set_reason(std::string(ReasonName(common::v1::ERROR_REASON_FIELD_INVALID)));
}

}  // namespace clustr::ctl
