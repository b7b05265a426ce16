#ifndef CLUSTR_TOOLS_CLUSTRCTL_PRINT_ROW_ID_H_
#define CLUSTR_TOOLS_CLUSTRCTL_PRINT_ROW_ID_H_

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace clustr::ctl {

// How a row is shown: by its external_id, or by its id if it has none. A number stands for an id,
// so an external_id that is one gets the `@` with which it can be given back (`@1001`).
inline std::string RowId(int64_t id, const std::string& external_id) {
  if (external_id.empty()) return absl::StrCat(id);
  const bool is_number = std::all_of(external_id.begin(), external_id.end(),
                                     [](unsigned char c) { return absl::ascii_isdigit(c); });
  return is_number || external_id[0] == '@' ? "@" + external_id : external_id;
}

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_PRINT_ROW_ID_H_
