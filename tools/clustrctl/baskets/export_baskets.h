#ifndef CLUSTR_TOOLS_CLUSTRCTL_BASKETS_EXPORT_BASKETS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_BASKETS_EXPORT_BASKETS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "tools/clustrctl/services.h"

namespace clustr::ctl {

// What an export of baskets holds.
struct ExportedBaskets {
  std::string store_id;        // The history of sales that it was read from, and the
  int64_t sales_revision = 0;  // revision, at which all lines are as they say.
  int64_t line_count = 0;
  int64_t months = 0;
  // True if sales changed meanwhile: several lines may then be about one transaction.
  bool changed_meanwhile = false;
};

// Writes every basket of sales to FOLDER/baskets, as lines of BasketLine in files of MonthFiles,
// and what they are to FOLDER/baskets.json. The folder baskets must not be there, and appears when
// all of it is written; what an earlier attempt left unfinished is removed. Follows the stream of
// sales to its head, so the export is sales at exactly one revision, and takes little memory. If
// the stream breaks because sales is unavailable, it is resumed, until five attempts in a row have
// brought nothing.
absl::StatusOr<ExportedBaskets> ExportBaskets(const Service& sales, const std::string& folder);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_BASKETS_EXPORT_BASKETS_H_
